import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** What must not happen: a crash, a neighbour lost, memory without bound. Each input against the whole server. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const PROTOBUF = { "content-type": "application/x-protobuf" };
const JSON_TYPE = { "content-type": "application/json" };
const NDJSON = { "content-type": "application/x-ndjson" };

/** `size` bytes that gzip to about a thousandth. */
function bomb(size: number): Buffer {
  const block = gzipSync(Buffer.alloc(64 << 20));
  // A gzip stream may have many members, one after the other (RFC 1952, section 2.2).
  return Buffer.concat(Array.from({ length: Math.ceil(size / (64 << 20)) }, () => block));
}

const refused: [
  name: string,
  path: string,
  headers: Record<string, string>,
  body: () => Buffer | string,
  status: number,
][] = [
  ["malformed protobuf", "/v1/logs", PROTOBUF, () => Buffer.from("0affffffff0f", "hex"), 400],
  ["random bytes as protobuf", "/v1/traces", PROTOBUF, () => Buffer.from("deadbeefdeadbeef", "hex"), 400],
  ["malformed JSON to OTLP", "/v1/logs", JSON_TYPE, () => '{"resourceLogs": [', 400],
  ["JSON of another shape to OTLP", "/v1/logs", JSON_TYPE, () => '{"resourceLogs": 5}', 400],
  ["lines that are not JSON", "/v1/jsonl", NDJSON, () => "not json\nnor this\n", 400],
  ["malformed gzip", "/v1/jsonl", { ...NDJSON, "content-encoding": "gzip" }, () => "not gzip at all", 400],
  [
    "truncated gzip",
    "/v1/logs",
    { ...JSON_TYPE, "content-encoding": "gzip" },
    () => gzipSync('{"resourceLogs":[]}').subarray(0, 15),
    400,
  ],
  [
    "a gzip bomb of 1 GB to OTLP",
    "/v1/logs",
    { ...PROTOBUF, "content-encoding": "gzip" },
    () => bomb(1 << 30),
    413,
  ],
  [
    "a gzip bomb of 1 GB to JSON lines",
    "/v1/jsonl",
    { ...NDJSON, "content-encoding": "gzip" },
    () => bomb(1 << 30),
    413,
  ],
  ["an unknown encoding", "/v1/logs", { ...JSON_TYPE, "content-encoding": "x-nothing" }, () => "{}", 415],
  ["a wrong content type", "/v1/logs", { "content-type": "image/png" }, () => "{}", 415],
  ["an oversized body", "/v1/logs", PROTOBUF, () => Buffer.alloc(40 << 20), 413],
];

describe("bad input", () => {
  it.each(refused)("%s is refused with a reason", async (_name, path, headers, body, status) => {
    const sent = body();
    const response = await fetch(server.address + path, {
      method: "POST",
      headers,
      body: new Uint8Array(Buffer.from(sent)),
    });
    const text = await response.text();
    expect([response.status, text]).toEqual([status, text]);
    expect(text.length).toBeGreaterThan(10);
  });

  it("leaves memory bounded and the server at work", async () => {
    const metrics = await (await fetch(`${server.address}/metrics`)).text();
    const resident = Number(/^process_resident_memory_bytes (\S+)/m.exec(metrics)?.[1]);
    expect(resident).toBeLessThan(700 << 20);
    expect((await fetch(`${server.address}/readyz`)).status).toBe(200);
  });

  it("a bad line takes none of its neighbours with it", async () => {
    const body =
      '{"msg":"good one","case":"mixed"}\nnot json\n{"msg":"good two","case":"mixed"}\n{"broken":\n';
    const response = await fetch(`${server.address}/v1/jsonl`, { method: "POST", headers: NDJSON, body });
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({
      accepted: 2,
      rejected: 2,
      errors: [{ line: 2 }, { line: 4 }],
    });
    const { rows } = await server.search("case:mixed", { order: "asc" });
    expect(rows.map((row) => row.body).sort()).toEqual(["good one", "good two"]);
  });

  it("invalid UTF-8 is kept, with replacement characters", async () => {
    const body = Buffer.concat([
      Buffer.from('{"case":"utf8","msg":"a'),
      Buffer.from([0xff, 0xfe]),
      Buffer.from('b"}\n'),
    ]);
    const response = await fetch(`${server.address}/v1/jsonl`, { method: "POST", headers: NDJSON, body });
    expect(response.status).toBe(200);
    const { rows } = await server.search("case:utf8");
    expect(rows.map((row) => row.body)).toEqual(["a\ufffd\ufffdb"]);
  });

  it("times far in the past and the future are kept findable beside others", async () => {
    const times = [
      "0001-01-01T00:00:00Z",
      "1970-01-01T00:00:00Z",
      "2999-01-01T00:00:00Z",
      new Date().toISOString(),
    ];
    const body = times.map((time, i) => JSON.stringify({ time, msg: `time ${i}`, case: "times" })).join("\n");
    const response = await fetch(`${server.address}/v1/jsonl`, { method: "POST", headers: NDJSON, body });
    expect(await response.json()).toMatchObject({ accepted: 4 });
    const { rows } = await server.search("case:times");
    expect(rows.map((row) => row.body).sort()).toEqual(["time 0", "time 1", "time 2", "time 3"]);
  });

  const MANY = Array.from({ length: 10_000 }, (_, i) => [`field.${i}`, `value ${i}`] as const);
  const wide: [
    name: string,
    path: string,
    headers: Record<string, string>,
    body: (mark: string) => object,
  ][] = [
    ["JSON lines", "/v1/jsonl", NDJSON, (mark) => ({ msg: "wide", case: mark, ...Object.fromEntries(MANY) })],
    [
      "OTLP",
      "/v1/logs",
      JSON_TYPE,
      (mark) => {
        const attributes = [["case", mark] as const, ...MANY].map(([key, stringValue]) => ({
          key,
          value: { stringValue },
        }));
        return { resourceLogs: [{ scopeLogs: [{ logRecords: [{ attributes }] }] }] };
      },
    ],
  ];
  it.each(wide)(
    "of 10,001 attributes, %s keeps 1,024 and says how many not",
    async (name, path, headers, body) => {
      const mark = `wide ${name}`;
      const response = await fetch(server.address + path, {
        method: "POST",
        headers,
        body: JSON.stringify(body(mark)),
      });
      expect(response.status).toBe(200);
      const { rows } = await server.search(`case:"${mark}"`);
      expect(rows).toHaveLength(1);
      const { "polylog.dropped_attributes": dropped, ...kept } = rows[0]?.attributes ?? {};
      expect(dropped).toBe(String(10_001 - 1024));
      expect(kept).toEqual(Object.fromEntries([["case", mark], ...MANY.slice(0, 1023)]));
    },
  );

  it("a query of 100 KB gets a clear error", async () => {
    const query = "word ".repeat(20_000);
    const response = await fetch(`${server.address}/api/v1/logs?query=${encodeURIComponent(query)}`);
    expect(response.status).toBe(400);
    expect(await response.json()).toEqual({
      code: "POLYLOG_E_BAD_REQUEST",
      message:
        "The request can't be understood: `query`: Too big: expected string to have <=16384 characters.",
      remedy: "The API is described at /api/openapi.json.",
    });
  });
});
