import { Agent, request } from "node:http";
import { credentials, makeGenericClientConstructor } from "@grpc/grpc-js";
import { payloads } from "./payloads.mjs";

/**
 * A sender in a process of its own: `node sender.mjs '{"protocol","http","grpc","seconds","connections","size","rate"}'`.
 * Prints what it saw as one JSON line. Without a rate it sends as fast as it is answered.
 */
const { protocol, http, grpc, seconds, connections, size, rate } = JSON.parse(process.argv[2]);
const bodies = payloads(protocol === "jsonl" ? "jsonl" : "otlp", size);
const send = protocol === "OTLP/gRPC" ? overGrpc() : overHttp();
const milliseconds = [];
let acknowledged = 0;
let bytes = 0;
let failed = 0;
let next = 0;
const start = performance.now();
const end = start + seconds * 1000;
await Promise.all(Array.from({ length: connections }, (_, i) => sendUntilEnd(i)));
const sorted = milliseconds.sort((a, b) => a - b);
const quantile = (part) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
console.log(
  JSON.stringify({
    acknowledged,
    bytes,
    failed,
    seconds: (performance.now() - start) / 1000,
    p50: quantile(0.5),
    p99: quantile(0.99),
  }),
);
process.exit(0);

async function sendUntilEnd(connection) {
  const pause = rate === undefined ? 0 : (size * 1000 * connections) / rate;
  let due = start + (pause * connection) / connections;
  while (performance.now() < end) {
    if (pause > 0) {
      await new Promise((resolve) => setTimeout(resolve, Math.max(0, due - performance.now())));
      due += pause;
    }
    const body = bodies[next++ % bodies.length];
    const begin = performance.now();
    if (await send(body)) {
      acknowledged += size;
      bytes += body.length;
      milliseconds.push(performance.now() - begin);
    } else {
      failed++;
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
  }
}

function overHttp() {
  const { hostname, port } = new URL(http);
  const path = protocol === "jsonl" ? "/v1/jsonl" : "/v1/logs";
  const type = protocol === "jsonl" ? "application/x-ndjson" : "application/x-protobuf";
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  return (body) =>
    new Promise((resolve) => {
      const headers = { "content-type": type, "content-length": body.length };
      const call = request({ hostname, port, path, method: "POST", agent, headers }, (response) => {
        response.resume().on("end", () => resolve(response.statusCode === 200));
      });
      call.on("error", () => resolve(false)).end(body);
    });
}

function overGrpc() {
  const Client = makeGenericClientConstructor({
    export: {
      path: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
      requestStream: false,
      responseStream: false,
      requestSerialize: (body) => body,
      requestDeserialize: (body) => body,
      responseSerialize: (body) => body,
      responseDeserialize: (body) => body,
    },
  });
  const client = new Client(new URL(`http://${grpc}`).host, credentials.createInsecure(), {
    "grpc.max_send_message_length": -1,
  });
  return (body) => new Promise((resolve) => client.export(body, (error) => resolve(error === null)));
}
