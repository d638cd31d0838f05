import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { before, NOW, startTestApi, type TestApi } from "../testing/api.ts";
import { call } from "../testing/spans.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const OTHER = "11111111111111111111111111111111";
const YESTERDAYS = "22222222222222222222222222222222";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.insertSpans([
    call({ trace: TRACE, id: "a1", ago: 60_000, ms: 900, service: "gateway", name: "POST /orders" }),
    call({
      ...{ trace: TRACE, id: "a2", above: "a1", ago: 59_900, ms: 700, service: "shop/cart", name: "order" },
      isFailed: true,
      attributes: ["http.route", "/orders"],
    }),
    call({
      trace: OTHER,
      id: "b1",
      ago: 30_000,
      ms: 40,
      service: "gateway",
      name: "GET /",
      kind: "Internal",
    }),
    call({ trace: YESTERDAYS, id: "c1", ago: 26 * 3_600_000, ms: 5, service: "nightly", name: "sweep" }),
  ]);
});
afterAll(() => api.close());

async function ask(path: string) {
  const response = await api.app.inject({ url: `/api${path}` });
  return { status: response.statusCode, ...response.json() };
}

it("answers a trace in Jaeger's JSON", async () => {
  const { data, errors } = await ask(`/traces/${TRACE}`);
  expect(errors).toBeNull();
  const text = (key: string, value: string) => ({ key, type: "string", value });
  const started = Number(before(60_000) / 1000n);
  expect(data).toEqual([
    {
      traceID: TRACE,
      spans: [
        {
          traceID: TRACE,
          spanID: "00000000000000a1",
          flags: 1,
          operationName: "POST /orders",
          references: [],
          startTime: started,
          duration: 900_000,
          tags: [text("span.kind", "server"), text("otel.scope.name", "checkout.http")],
          logs: [],
          processID: "p1",
          warnings: null,
        },
        {
          traceID: TRACE,
          spanID: "00000000000000a2",
          flags: 1,
          operationName: "order",
          references: [{ refType: "CHILD_OF", traceID: TRACE, spanID: "00000000000000a1" }],
          startTime: started + 100_000,
          duration: 700_000,
          tags: [
            text("http.route", "/orders"),
            text("span.kind", "server"),
            text("otel.status_code", "ERROR"),
            text("otel.status_description", "order failed"),
            { key: "error", type: "bool", value: true },
            text("otel.scope.name", "checkout.http"),
          ],
          logs: [
            {
              timestamp: started + 100_000,
              fields: [text("event", "exception"), text("exception.type", "Declined")],
            },
          ],
          processID: "p2",
          warnings: null,
        },
      ],
      processes: {
        p1: { serviceName: "gateway", tags: [text("host.name", "node-1")] },
        p2: { serviceName: "shop/cart", tags: [text("host.name", "node-1")] },
      },
      warnings: null,
    },
  ]);
});

describe("what its clients ask first", () => {
  it.each<[path: string, data: readonly unknown[]]>([
    ["/services", ["gateway", "nightly", "shop/cart"]],
    ["/services/gateway/operations", ["GET /", "POST /orders"]],
    ["/services/shop%2Fcart/operations", ["order"]],
    ["/services/nobody/operations", []],
    [
      "/operations?service=gateway",
      [
        { name: "GET /", spanKind: "internal" },
        { name: "POST /orders", spanKind: "server" },
      ],
    ],
    ["/operations?service=gateway&spanKind=server", [{ name: "POST /orders", spanKind: "server" }]],
    [
      `/dependencies?endTs=${NOW}&lookback=3600000`,
      [{ parent: "gateway", child: "shop/cart", callCount: 1 }],
    ],
    [`/dependencies?endTs=${NOW - 3_600_000}&lookback=60000`, []],
  ])("%s", async (path, data) => {
    expect(await ask(path)).toMatchObject({ status: 200, data, errors: null });
  });
});

describe("the search", () => {
  const us = (ago: number) => Number(before(ago) / 1000n);
  it.each<[path: string, traces: readonly string[]]>([
    ["?service=gateway", [OTHER, TRACE]],
    // Without times, as Grafana's data source asks.
    ["?limit=20&service=nightly", [YESTERDAYS]],
    ["?service=gateway&limit=1", [OTHER]],
    ["?service=gateway&operation=POST%20%2Forders", [TRACE]],
    ["?service=gateway&operation=all&minDuration=&maxDuration=&tags=", [OTHER, TRACE]],
    ["?service=gateway&minDuration=0.5s", [TRACE]],
    ["?service=gateway&maxDuration=100ms", [OTHER]],
    [`?service=shop%2Fcart&tags=${encodeURIComponent('{"http.route":"/orders","error":"true"}')}`, [TRACE]],
    ["?service=shop%2Fcart&tag=http.route:/orders", [TRACE]],
    ["?service=shop%2Fcart&tag=error:false", []],
    [`?service=gateway&start=${us(45_000)}&end=${us(0)}`, [OTHER]],
    ["?service=gateway&lookback=45s", [OTHER]],
    ["?service=gateway&lookback=custom", [OTHER, TRACE]],
    [`?traceID=${TRACE}&traceID=${OTHER}`, [TRACE, OTHER]],
    [`?service=${encodeURIComponent("' OR 1=1 --")}`, []],
  ])("%s", async (path, traces) => {
    const { status, data } = await ask(`/traces${path}`);
    expect(status).toBe(200);
    expect(data.map(({ traceID }: { traceID: string }) => traceID)).toEqual(traces);
  });
});

it.each<[path: string, status: number, words: string]>([
  ["/traces/33333333333333333333333333333333", 404, "trace not found"],
  ["/traces?service=a&minDuration=fast", 400, "minDuration"],
  ["/traces?service=a&tags=%7B", 400, "tags"],
  ["/traces?service=a&start=x", 400, "start"],
  ["/operations", 400, "service"],
])("refuses %s as Jaeger does", async (path, status, words) => {
  const answer = await ask(path);
  expect(answer).toMatchObject({ status, data: null, errors: [{ code: status }] });
  expect(answer.errors[0].msg).toContain(words);
});
