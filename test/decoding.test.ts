import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { grpcClient, postOtlp } from "../packages/server/src/testing/otlp-client.ts";
import { encodeLogs, encodeTraces } from "../packages/server/src/testing/otlp-request.ts";
import { poll } from "./poll.ts";
import { type ServerProcess, startServerProcess } from "./server-process.ts";

/** Heavy requests against the whole server, decoded on a thread: stored, counted and found as all others. */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess({ flags: ["--decode-threads", "1"] });
});
afterAll(() => server.stop());

const RECORDS = 3000;
const LOGS = "/opentelemetry.proto.collector.logs.v1.LogsService/Export";
const now = () => `${BigInt(Date.now()) * 1_000_000n}`;
const numbers = Array.from({ length: RECORDS }, (_, n) => n);

const resourceOf = (service: string) => ({
  attributes: [{ key: "service.name", value: { stringValue: service } }],
});
const logsOf = (service: string) => ({
  resourceLogs: [
    {
      resource: resourceOf(service),
      scopeLogs: [
        {
          logRecords: numbers.map((n) => ({
            timeUnixNano: now(),
            body: { stringValue: `order ${n} is late` },
            attributes: [{ key: "order", value: { intValue: `${n}` } }],
          })),
        },
      ],
    },
  ],
});
const spansOf = (service: string) => ({
  resourceSpans: [
    {
      resource: resourceOf(service),
      scopeSpans: [
        {
          spans: numbers.map((n) => ({
            ...{ traceId: "ab".repeat(16), spanId: n.toString(16).padStart(16, "1"), name: `step ${n}` },
            ...{ startTimeUnixNano: now(), endTimeUnixNano: now() },
          })),
        },
      ],
    },
  ],
});
const linesOf = (service: string) =>
  numbers.map((n) => JSON.stringify({ message: `order ${n} is late`, service, order: n })).join("\n");

async function metric(name: string, { address } = server): Promise<number> {
  const text = await (await fetch(`${address}/metrics`)).text();
  const line = text.split("\n").find((one) => one.startsWith(`polylog_${name} `));
  return Number(line?.split(" ").at(-1));
}

const senders: [name: string, send: (service: string) => Promise<unknown>][] = [
  ["OTLP in protobuf", (service) => postOtlp(`${server.address}/v1/logs`, encodeLogs(logsOf(service)))],
  [
    "OTLP in JSON",
    (service) =>
      postOtlp(`${server.address}/v1/logs`, Buffer.from(JSON.stringify(logsOf(service))), {
        "content-type": "application/json",
      }),
  ],
  [
    "OTLP over gRPC",
    async (service) => {
      const client = grpcClient(Number(server.grpcAddress.split(":").at(-1)));
      await client.call(LOGS, encodeLogs(logsOf(service))).finally(() => client.close());
    },
  ],
  [
    "JSON lines",
    (service) => fetch(`${server.address}/v1/jsonl`, { method: "POST", body: linesOf(service) }),
  ],
];

describe("a heavy request", () => {
  it.each(senders)("of %s is decoded on a thread, stored and counted", async (name, send) => {
    const service = `shop-${name.replace(/\W+/g, "-")}`;
    const before = await metric("decoding_jobs_total");
    await send(service);
    expect((await metric("decoding_jobs_total")) - before).toBe(1);
    expect(await metric(`source_records_total{source="${service}"}`)).toBe(RECORDS);
    const { rows } = await server.search(`service:${service} order:>=0`, { limit: "1000", order: "asc" });
    expect(rows.map((row) => row.attributes.order)).toEqual(numbers.slice(0, 1000).map(String));
  });

  it("of spans is stored as well", async () => {
    await postOtlp(`${server.address}/v1/traces`, encodeTraces(spansOf("shop-spans")));
    const trace = await fetch(`${server.address}/api/v1/traces/${"ab".repeat(16)}`);
    expect((await trace.json()).spans).toHaveLength(RECORDS);
  });
});

describe("a stop", () => {
  it("finishes what a thread is at", async () => {
    const service = "shop-at-the-end";
    const other = await startServerProcess({ flags: ["--decode-threads", "1"] });
    const body = linesOf(service).repeat(8);
    const status = fetch(`${other.address}/v1/jsonl`, { method: "POST", body }).then(
      (answer) => answer.status,
      (error: unknown) => String(error),
    );
    await poll("a thread has begun", async () => (await metric("decoding_threads", other)) === 1);
    expect(await other.stop()).toBe(0);
    expect(await status).toBe(200);
  });
});
