import { afterAll, beforeAll, expect, it } from "vitest";
import { traceResponse } from "../../contract/index.ts";
import { spanRecord } from "../../store/testing/records.ts";
import { before, startTestApi, type TestApi } from "../testing/api.ts";
import { line } from "../testing/records.ts";

const TRACE = "0af7651916cd43dd8448eb211c80319c";
const LOGS_ONLY = "11111111111111111111111111111111";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  const root = { timestamp: before(5_000), endTimestamp: before(4_000), spanId: "00000000000000a1" };
  await api.insertSpans([
    spanRecord({
      ...root,
      statusCode: "Error",
      statusMessage: "declined",
      attributes: ["http.route", "/pay"],
      events: [
        { timestamp: before(4_500, 7n), name: "exception", attributes: ["exception.type", "Declined"] },
      ],
      links: [
        { traceId: LOGS_ONLY, spanId: "00000000000000ff", traceState: "", attributes: ["why", "retry"] },
      ],
    }),
    spanRecord({
      timestamp: before(4_900),
      endTimestamp: before(4_800),
      spanId: "00000000000000a2",
      parentSpanId: root.spanId,
      name: "SELECT",
      kind: "Client",
    }),
    spanRecord({
      timestamp: before(4_900),
      endTimestamp: before(4_800),
      traceId: "22222222222222222222222222222222",
    }),
  ]);
  // Another batch, an hour later.
  await api.insertSpans([
    spanRecord({
      timestamp: before(-3_600_000),
      endTimestamp: before(-3_600_001),
      spanId: "00000000000000a3",
    }),
  ]);
  await api.insertLogs([
    line({ ago: 4_700, body: "second", traceId: TRACE }),
    line({ ago: 4_950, body: "first", traceId: TRACE }),
    line({ ago: 3 * 86_400_000, body: "without spans", traceId: LOGS_ONLY }),
    line({ ago: 1_000, body: "of no trace" }),
  ]);
});
afterAll(() => api.close());

it("has spans and logs by time, of all batches", async () => {
  const trace = await api.get(`/traces/${TRACE}`, traceResponse);
  expect(trace).toMatchObject({ traceId: TRACE, partial: false });
  expect(trace.spans.map(({ spanId }) => spanId)).toEqual([
    "00000000000000a1",
    "00000000000000a2",
    "00000000000000a3",
  ]);
  expect(trace.logs.map(({ body }) => body)).toEqual(["first", "second"]);
});

it("tells all of a span", async () => {
  const { spans } = await api.get(`/traces/${TRACE.toUpperCase()}`, traceResponse);
  expect(spans[0]).toEqual({
    traceId: TRACE,
    spanId: "00000000000000a1",
    parentSpanId: "",
    name: "GET /cart",
    kind: "Server",
    service: "checkout",
    host: "node-1",
    runtime: "node",
    scope: "checkout.http",
    timestamp: "2026-11-20T11:59:55.000000000Z",
    duration: "1000000000",
    statusCode: "Error",
    statusMessage: "declined",
    attributes: { "http.route": "/pay" },
    resource: { "service.name": "checkout", "host.name": "node-1", "telemetry.sdk.language": "nodejs" },
    events: [
      {
        timestamp: "2026-11-20T11:59:55.500000007Z",
        name: "exception",
        attributes: { "exception.type": "Declined" },
      },
    ],
    links: [{ traceId: LOGS_ONLY, spanId: "00000000000000ff", attributes: { why: "retry" } }],
  });
});

it("may be of logs alone", async () => {
  const trace = await api.get(`/traces/${LOGS_ONLY}`, traceResponse);
  expect(trace.spans).toEqual([]);
  expect(trace.logs.map(({ body }) => body)).toEqual(["without spans"]);
});

it.each(["/traces/33333333333333333333333333333333", "/traces/", "/traces/%27%20OR%201=1", "/traces/%00"])(
  "is not found: %s",
  async (path) => {
    expect(await api.refused(path)).toMatchObject({ status: 404 });
  },
);

it("has an id of at most 64 characters", async () => {
  expect(await api.refused(`/traces/${"a".repeat(65)}`)).toMatchObject({ status: 400 });
});
