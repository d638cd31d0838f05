import { afterAll, beforeAll, expect, it } from "vitest";
import type { TraceResponse } from "../../packages/server/src/contract/index.ts";
import { poll } from "../poll.ts";
import { type ServerProcess, startServerProcess } from "../server-process.ts";

/**
 * Zipkin's own reporter, in Java, is in test/clients. Where that can't be built, what it sends is written out: lists of
 * spans in JSON as its encoder lays them out, without blanks, nothing that is absent, in requests of a thousand.
 */
let server: ServerProcess;
beforeAll(async () => {
  server = await startServerProcess();
});
afterAll(() => server.stop());

const TRACES = 100;
/** Of a trace: a client's, a server's, and steps within. */
const SPANS = 100;
/** Microseconds since 1970. */
const START = 1_795_257_667_000_000;

const hex = (value: number, digits: number) => value.toString(16).padStart(digits, "0");
const traceIdOf = (trace: number) => hex(trace + 1, trace % 2 === 0 ? 32 : 16);

function span(trace: number, at: number): string {
  const id = hex((trace + 1) * SPANS + at, 16);
  const parent = at === 0 ? "" : `"parentId":"${hex((trace + 1) * SPANS, 16)}",`;
  const kind = ["CLIENT", "SERVER"][at];
  return (
    `{"traceId":"${traceIdOf(trace)}",${parent}"id":"${id}",${kind === undefined ? "" : `"kind":"${kind}",`}` +
    `"name":"order ${trace} step ${at}","timestamp":${START + trace * 1000 + at},"duration":${100 + at},` +
    `"localEndpoint":{"serviceName":"shop","ipv4":"10.0.0.1"},"remoteEndpoint":{"serviceName":"stock","port":80},` +
    `"annotations":[{"timestamp":${START + trace * 1000 + at},"value":"ws"}],` +
    `"tags":{"order":"${trace}"${at === 3 ? ',"error":"timed out"' : ""}}}`
  );
}

it("Zipkin: all spans are found again, with time, kind, name and tags", async () => {
  const spans = Array.from({ length: TRACES * SPANS }, (_, i) => span(Math.floor(i / SPANS), i % SPANS));
  for (let start = 0; start < spans.length; start += 1000) {
    const body = `[${spans.slice(start, start + 1000).join(",")}]`;
    const headers = { "content-type": "application/json" };
    const response = await fetch(`${server.address}/api/v2/spans`, { method: "POST", headers, body });
    expect([response.status, await response.json()]).toEqual([202, { accepted: 1000, rejected: 0 }]);
  }
  const found = new Set<string>();
  for (let trace = 0; trace < TRACES; trace++) {
    for (const { traceId, spanId } of await spansOf(trace)) found.add(`${traceId} ${spanId}`);
  }
  expect(found.size).toBe(TRACES * SPANS);

  const rows = await spansOf(7);
  expect(rows.find((row) => row.parentSpanId === "")).toMatchObject({
    ...{ traceId: traceIdOf(7).padStart(32, "0"), name: "order 7 step 0", kind: "Client", service: "shop" },
    ...{ timestamp: "2026-11-21T10:41:07.007000000Z", duration: "100000", statusCode: "Unset" },
    attributes: {
      order: "7",
      "peer.service": "stock",
      "network.peer.port": "80",
      "network.local.address": "10.0.0.1",
    },
    events: [{ name: "ws", timestamp: "2026-11-21T10:41:07.007000000Z" }],
  });
  expect(rows.find((row) => row.name === "order 7 step 3")).toMatchObject({
    ...{ statusCode: "Error", statusMessage: "timed out", parentSpanId: hex(800, 16) },
  });
});

async function spansOf(trace: number): Promise<TraceResponse["spans"]> {
  return poll(`trace ${trace} is found`, async () => {
    const response = await fetch(`${server.address}/api/v1/traces/${traceIdOf(trace).padStart(32, "0")}`);
    if (!response.ok) return undefined;
    const { spans } = (await response.json()) as TraceResponse;
    return spans.length === SPANS && spans;
  });
}
