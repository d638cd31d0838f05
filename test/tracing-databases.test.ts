import { afterEach, describe, expect, it } from "vitest";
import { type Collector, startHttpCollector } from "../packages/tracing/src/testing/collector.ts";
import { endPrograms, runTraced } from "./tracing-program.ts";

/**
 * Clients of databases and of gRPC, traced without a change to the program, however it loads them. They talk to as much of a server as
 * they need to make a span.
 */

let collector: Collector;
afterEach(async () => {
  endPrograms();
  await collector.close();
});

/** `serve(onData)` listens on a free port and resolves to it; nobody listens on `nobody`. */
const PRELUDE = `
  import net from "node:net";
  const serve = (onData) => new Promise((resolve) => {
    const server = net.createServer((socket) => socket.on("data", (data) => onData(socket, data)).on("error", () => {}));
    server.listen(0, "127.0.0.1", () => resolve(server.address().port)).unref();
  });
  const nobody = await new Promise((resolve) => {
    const server = net.createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
`;

const POSTGRES = `import pg from "pg";
  await new pg.Client({ host: "127.0.0.1", port: nobody, database: "shop" }).connect().catch(() => {});`;

const MYSQL = `import mysql from "mysql2";
  const connection = mysql.createConnection({ host: "127.0.0.1", port: nobody, database: "shop" });
  connection.on("error", () => {});
  await new Promise((resolve) => connection.query("SELECT name FROM users", resolve));`;

/** Says OK to everything. */
const REDIS = `import { createClient } from "redis";
  const port = await serve((socket, data) => {
    for (const _ of String(data).match(/^\\*\\d+\\r$/gm) ?? []) socket.write("+OK\\r\\n");
  });
  const client = createClient({ url: "redis://127.0.0.1:" + port, disableClientInfo: true, socket: { reconnectStrategy: false } });
  client.on("error", () => {});
  await client.connect();
  await client.set("key", "value");
  client.destroy();`;

/**
 * Answers every message as the primary that it is; both the old form of the greeting and the new. The instrumentation makes spans
 * only inside others, so that the driver's own doings are none.
 */
const MONGODB = `import { BSON, MongoClient } from "mongodb"; import { trace } from "@polylog/tracing";
  const document = BSON.serialize({ ok: 1, helloOk: true, isWritablePrimary: true, ismaster: true, maxWireVersion: 21, minWireVersion: 0,
    maxBsonObjectSize: 16777216, maxMessageSizeBytes: 48000000, maxWriteBatchSize: 100000, cursor: { id: 0n, ns: "shop.users", firstBatch: [] } });
  const port = await serve((socket, data) => {
    const isMessage = data.readInt32LE(12) === 2013;
    const head = Buffer.alloc(isMessage ? 21 : 36);
    head.writeInt32LE(head.length + document.length, 0);
    head.writeInt32LE(data.readInt32LE(4), 8);
    head.writeInt32LE(isMessage ? 2013 : 1, 12);
    if (!isMessage) head.writeInt32LE(1, 32);
    socket.write(Buffer.concat([head, document]));
  });
  const client = new MongoClient("mongodb://127.0.0.1:" + port + "/?directConnection=true", { serverSelectionTimeoutMS: 10000, serverMonitoringMode: "poll" });
  await trace("request", () => client.db("shop").collection("users").findOne({ name: "Alice" }));
  await client.close();`;

const GRPC = `import grpc from "@grpc/grpc-js";
  const text = { requestSerialize: Buffer.from, requestDeserialize: String, responseSerialize: Buffer.from, responseDeserialize: String };
  const service = { Echo: { path: "/shop.Orders/Echo", requestStream: false, responseStream: false, ...text } };
  const server = new grpc.Server();
  server.addService(service, { Echo: (call, done) => done(null, call.request) });
  const port = await new Promise((resolve) => server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (_, port) => resolve(port)));
  const Client = grpc.makeGenericClientConstructor(service, "Orders");
  const client = new Client("127.0.0.1:" + port, grpc.credentials.createInsecure());
  await new Promise((resolve) => client.Echo("hello", resolve));
  client.close();
  server.forceShutdown();`;

/** How programs load libraries, what has to be said to Node for that, and the same program in that form. */
const FORMS: [string, string[], (code: string) => string][] = [
  ["modules", ["--import", "@polylog/tracing/register", "--input-type=module"], (code) => code],
  [
    "CommonJS",
    ["--require", "@polylog/tracing/register", "--input-type=commonjs"],
    (code) =>
      `(async () => { ${code.replace(/import (.+?) from ("[^"]+");/g, "const $1 = require($2);")} })();`,
  ],
];

const LIBRARIES: [string, string, string, RegExp][] = [
  ["pg", POSTGRES, "Client", /^pg\.connect/],
  ["mysql2", MYSQL, "Client", /^SELECT/],
  ["redis", REDIS, "Client", /^(redis-)?SET/i],
  ["mongodb", MONGODB, "Client", /find/],
  ["grpc", GRPC, "Server", /shop\.Orders\/Echo/],
];

describe.each(FORMS)("loaded as %s", (_form, flags, inForm) => {
  it.each(LIBRARIES)("%s", async (name, code, kind, spanName) => {
    collector = await startHttpCollector();
    const environment = {
      OTEL_EXPORTER_OTLP_ENDPOINT: collector.endpoint,
      OTEL_EXPORTER_OTLP_PROTOCOL: "http/json",
      OTEL_NODE_ENABLED_INSTRUMENTATIONS: name,
    };
    const program = runTraced(inForm(PRELUDE + code), environment, flags);
    expect((await program.ended).code, program.output()).toBe(0);
    const names = collector.spans.map((span) => `${span.kind} ${span.name}`);
    const found = collector.spans.filter((span) => spanName.test(span.name) && span.kind === kind);
    expect(found.length, names.join(", ") + program.output()).toBeGreaterThan(0);
    expect(found[0]?.scope.name).toBe(`@opentelemetry/instrumentation-${name}`);
  });
});
