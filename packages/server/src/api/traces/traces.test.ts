import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  explainResponse,
  facetsResponse,
  fieldsResponse,
  latencyResponse,
  outlineResponse,
  servicesResponse,
  spanResponse,
  traceResponse,
  tracesResponse,
  valuesResponse,
} from "../../contract/index.ts";
import { before, startTestApi, type TestApi } from "../testing/api.ts";
import { call } from "../testing/spans.ts";

const ORDER = "0af7651916cd43dd8448eb211c80319c";
const SEARCH = "11111111111111111111111111111111";
const ORPHAN = "22222222222222222222222222222222";

let api: TestApi;
beforeAll(async () => {
  api = await startTestApi();
  await api.insertSpans([
    call({ trace: ORDER, id: "a1", ago: 60_000, ms: 900, service: "gateway", name: "POST /orders" }),
    call({ trace: ORDER, id: "a2", above: "a1", ago: 59_900, ms: 700, service: "checkout", name: "order" }),
    call({
      trace: ORDER,
      id: "a3",
      above: "a2",
      ago: 59_800,
      ms: 500,
      service: "payments",
      name: "charge",
      isFailed: true,
    }),
    call({
      ...{
        trace: ORDER,
        id: "a4",
        above: "a3",
        ago: 59_700,
        ms: 20,
        service: "payments",
        name: "INSERT ledger",
      },
      kind: "Client",
      attributes: ["db.system.name", "postgresql", "server.address", "db-1"],
    }),
    call({ trace: SEARCH, id: "b1", ago: 30_000, ms: 40, service: "gateway", name: "GET /search" }),
    call({ trace: SEARCH, id: "b2", above: "b1", ago: 29_990, ms: 20, service: "search", name: "query" }),
    call({ trace: ORPHAN, id: "c2", above: "c1", ago: 20_000, ms: 5, service: "mailer", name: "deliver" }),
  ]);
});
afterAll(() => api.close());

const query = (text: string) => `query=${encodeURIComponent(text)}`;

describe("the search for traces", () => {
  it.each<[path: string, traces: readonly string[]]>([
    ["", [ORPHAN, SEARCH, ORDER]],
    ["?order=longest", [ORDER, SEARCH, ORPHAN]],
    ["?limit=1", [ORPHAN]],
    [`?${query("service:gateway")}`, [SEARCH, ORDER]],
    [`?${query("service:payments duration:>100ms")}`, [ORDER]],
    [`?${query("service:payments duration:>600ms")}`, []],
    [`?${query("name:GET*")}`, [SEARCH]],
    [`?${query("status:error")}`, [ORDER]],
    [`?${query("db.system.name:postgresql")}`, [ORDER]],
    [`?${query("root:true")}`, [SEARCH, ORDER]],
    [`?${query("root:false service:mailer")}`, [ORPHAN]],
    [`?${query("ledger")}`, [ORDER]],
    ["?to=now-45s", [ORDER]],
  ])("%s", async (path, expected) => {
    const { traces, hasMore, partial } = await api.get(`/traces${path}`, tracesResponse);
    expect(traces.map(({ traceId }) => traceId)).toEqual(expected);
    expect({ hasMore, partial }).toEqual({ hasMore: path.includes("limit"), partial: false });
  });

  it("tells what a trace consists of, and which span was looked for", async () => {
    const { traces } = await api.get(`/traces?${query("service:payments")}&order=longest`, tracesResponse);
    expect(traces).toEqual([
      {
        traceId: ORDER,
        timestamp: "2026-11-20T11:59:00.000000000Z",
        duration: "900000000",
        service: "gateway",
        name: "POST /orders",
        spans: 4,
        errors: 1,
        services: [
          { service: "payments", spans: 2, errors: 1 },
          { service: "checkout", spans: 1, errors: 0 },
          { service: "gateway", spans: 1, errors: 0 },
        ],
        match: { spanId: "00000000000000a3", service: "payments", name: "charge", duration: "500000000" },
      },
    ]);
  });

  it("refuses what it can't read", async () => {
    for (const path of [`?${query("duration:>fast")}`, "?order=best", "?limit=1001", "?from=x"]) {
      expect(await api.refused(`/traces${path}`)).toMatchObject({ status: 400 });
    }
  });
});

describe("latency", () => {
  it("counts spans by time and by bands of 19 %", async () => {
    const { cells, quantiles, interval, ...rest } = await api.get(
      `/traces/latency?${query("root:true")}&columns=15`,
      latencyResponse,
    );
    expect(rest).toMatchObject({ spans: 2, errors: 0, partial: false });
    expect(interval).toBe(60_000);
    const order = cells.find(({ longest }) => longest.traceId === ORDER);
    expect(order).toMatchObject({
      time: Number(before(60_000) / 1_000_000n),
      spans: 1,
      longest: {
        spanId: "00000000000000a1",
        duration: "900000000",
        time: Number(before(60_000) / 1_000_000n),
      },
    });
    expect(2 ** ((order?.band ?? 0) / 4)).toBeLessThanOrEqual(900e6);
    expect(2 ** (((order?.band ?? 0) + 1) / 4)).toBeGreaterThan(900e6);
    expect(quantiles?.p99).toBeGreaterThan(quantiles?.p50 ?? 0);
  });

  it("of nothing has no quantiles", async () => {
    const answer = await api.get(`/traces/latency?${query("service:nobody")}`, latencyResponse);
    expect(answer).toMatchObject({ cells: [], spans: 0, quantiles: null });
  });
});

it("knows who calls whom, and the databases", async () => {
  const { nodes, edges, share } = await api.get("/traces/services", servicesResponse);
  expect(share).toBe(1);
  expect(edges.map(({ from, to, calls, errors }) => `${from} > ${to} ${calls} ${errors}`).toSorted()).toEqual(
    [
      "checkout > payments 1 1",
      "gateway > checkout 1 0",
      "gateway > search 1 0",
      "payments > postgresql db-1 1 0",
    ],
  );
  expect(nodes.map(({ name, kind, calls }) => `${kind} ${name} ${calls}`).toSorted()).toEqual([
    "database postgresql db-1 1",
    "service checkout 1",
    "service gateway 2",
    "service mailer 1",
    "service payments 1",
    "service search 1",
  ]);
});

describe("of one trace", () => {
  it("the outline has columns, with each text once", async () => {
    const outline = await api.get(`/traces/${ORDER.toUpperCase()}/outline`, outlineResponse);
    expect(outline).toMatchObject({
      traceId: ORDER,
      start: { milliseconds: Number(before(60_000) / 1_000_000n), nanoseconds: 0 },
      ids: ["00000000000000a1", "00000000000000a2", "00000000000000a3", "00000000000000a4"],
      parents: ["", "00000000000000a1", "00000000000000a2", "00000000000000a3"],
      starts: [0, 100e6, 200e6, 300e6],
      durations: [900e6, 700e6, 500e6, 20e6],
      errors: [{ span: 2, message: "charge failed" }],
      events: [{ span: 2, at: 200e6, name: "exception" }],
      partial: false,
    });
    expect(outline.services.map((place) => outline.texts[place])).toEqual([
      "gateway",
      "checkout",
      "payments",
      "payments",
    ]);
    expect(new Set(outline.texts).size).toBe(outline.texts.length);
  });

  it("a span of several with one id is the first that suits", async () => {
    const trace = "abcdefabcdefabcdefabcdefabcdef00";
    const half = { trace, id: "ff", ms: 5 };
    await api.insertSpans([
      call({ ...half, ago: 172_800_000, service: "web", name: "call", kind: "Client" }),
      call({ ...half, ago: 172_799_999, service: "shop", name: "serve", kind: "Server" }),
    ]);
    const path = `/traces/${trace}/spans/00000000000000ff`;
    const nameOf = async (query: string) => (await api.get(path + query, spanResponse)).name;
    expect(await nameOf("")).toBe("call");
    expect(await nameOf("?service=shop&kind=Server")).toBe("serve");
    expect(await nameOf("?kind=Server")).toBe("serve");
    expect(await api.refused(`${path}?service=shop&kind=Client`)).toMatchObject({ status: 404 });
  });

  it("an id of 64 bits is asked for as its sender writes it", async () => {
    const short = "abcdef0123456789";
    const trace = short.padStart(32, "0");
    await api.insertSpans([call({ trace, id: "1", ago: 172_800_000, ms: 5, service: "web", name: "GET /" })]);
    expect((await api.get(`/traces/${short}`, traceResponse)).traceId).toBe(trace);
    expect((await api.get(`/traces/${short}/outline`, outlineResponse)).ids).toHaveLength(1);
    expect((await api.get(`/traces/${short}/spans/0000000000000001`, spanResponse)).name).toBe("GET /");
    for (const path of [`/api/traces/${short.toUpperCase()}`, `/api/traces?service=web&traceID=${short}`]) {
      const { data } = (await api.app.inject({ url: path })).json();
      expect(data).toMatchObject([{ traceID: trace }]);
    }
  });

  it("a span is answered by itself", async () => {
    const span = await api.get(`/traces/${ORDER}/spans/00000000000000A4`, spanResponse);
    expect(span).toMatchObject({ name: "INSERT ledger", attributes: { "db.system.name": "postgresql" } });
    expect(await api.refused(`/traces/${SEARCH}/spans/00000000000000a4`)).toMatchObject({ status: 404 });
    expect(await api.refused("/traces/33333333333333333333333333333333/outline")).toMatchObject({
      status: 404,
    });
  });
});

describe("as for logs", () => {
  it("there are facets", async () => {
    const { facets } = await api.get(
      `/traces/facets?fields=service,status,kind,root&${query("duration:>=20ms")}`,
      facetsResponse,
    );
    const shown = facets.map(({ field, values }) => [
      field,
      ...values.map((one) => `${one.value} ${one.count}`),
    ]);
    expect(shown).toEqual([
      ["service", "gateway 2", "payments 2", "checkout 1", "search 1"],
      ["status", "Unset 5", "Error 1"],
      ["kind", "Server 5", "Client 1"],
      ["root", "false 4", "true 2"],
    ]);
  });

  it("there are values", async () => {
    const { values } = await api.get("/traces/values?field=name&prefix=get", valuesResponse);
    expect(values).toEqual([{ value: "GET /search", count: 1 }]);
  });

  it("there are fields", async () => {
    const { fields } = await api.get("/traces/fields", fieldsResponse);
    const names = fields.map(({ name, kind }) => `${kind} ${name}`);
    expect(names).toContain("column duration");
    expect(names).toContain("column root");
    expect(names).toContain("attribute db.system.name");
    expect(names).not.toContain("column severity_text");
  });

  it("it is explained why nothing is found", async () => {
    const { parts } = await api.get(
      `/traces/explain?${query("service:mailer duration:>1s")}`,
      explainResponse,
    );
    expect(parts.map(({ text, countWithout }) => `${text} ${countWithout}`)).toEqual([
      "service:mailer 0",
      "duration:>1s 1",
    ]);
  });
});
