import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";
import { describeWithClient } from "./testing/official-client.ts";
import { type ServerProcess, startServerProcess } from "./testing/server-process.mjs";

const run = promisify(execFile);

/** Sets an SDK up that prints the names of spans; what follows sees `instrument`, and `use` to put a record. */
const COMMON = `
  const provider = new BasicTracerProvider({ spanProcessors: [
    { onStart() {}, onEnd: (span) => console.log(span.name), forceFlush: async () => {}, shutdown: async () => {} },
  ] });
  const instrument = () => registerInstrumentations({
    tracerProvider: provider,
    instrumentations: [new AerospikeInstrumentation()],
  });
  const use = async (Aerospike) => {
    const client = await Aerospike.connect({ hosts: process.env.HOST });
    await client.put(new Aerospike.Key("test", "users", "user1"), { name: "Alice" });
    client.close();
  };`;

const MODULE = `
  import { registerInstrumentations } from "@opentelemetry/instrumentation";
  import { BasicTracerProvider } from "@opentelemetry/sdk-trace-base";
  import { AerospikeInstrumentation } from "@polylog/aerospike";
  ${COMMON}`;

const COMMONJS = `
  const { registerInstrumentations } = require("@opentelemetry/instrumentation");
  const { BasicTracerProvider } = require("@opentelemetry/sdk-trace-base");
  const { AerospikeInstrumentation } = require("@polylog/aerospike");
  ${COMMON}`;

const HOOK = `data:text/javascript,${encodeURIComponent(
  'import { register } from "node:module"; register("@opentelemetry/instrumentation/hook.mjs", "file://" + process.cwd() + "/");',
)}`;

describeWithClient("the client is found", (official) => {
  let server: ServerProcess;
  beforeAll(async () => {
    server = await startServerProcess();
  });
  afterAll(() => server.stop());

  test.each([
    [
      "in an ECMAScript module",
      ["module"],
      `${MODULE} instrument(); await use((await import("aerospike")).default);`,
    ],
    [
      "in an ECMAScript module that imported it before",
      ["module"],
      `import Aerospike from "aerospike"; ${MODULE} instrument(); await use(Aerospike);`,
    ],
    [
      "once, with a loader's hook in place",
      ["module", HOOK],
      `${MODULE} instrument(); await use((await import("aerospike")).default);`,
    ],
    ["in CommonJS", ["commonjs"], `${COMMONJS} instrument(); use(require("aerospike"));`],
    [
      "in CommonJS that required it before",
      ["commonjs"],
      `const Aerospike = require("aerospike"); ${COMMONJS} instrument(); use(Aerospike);`,
    ],
    [
      "for an SDK that is set up later, which collects no metrics",
      ["commonjs"],
      `${COMMONJS} new AerospikeInstrumentation(); const Aerospike = require("aerospike");
       require("@opentelemetry/api").trace.setGlobalTracerProvider(provider); use(Aerospike);`,
    ],
  ])("%s", async (_, [type, hook], program) => {
    const { folder } = official;
    const flags = [`--input-type=${type}`, ...(hook === undefined ? [] : ["--import", hook]), "-e", program];
    const env = { ...process.env, HOST: `${server.address}:${server.port}` };
    const { stdout } = await run(process.execPath, flags, { cwd: folder, env });
    expect(stdout.trim()).toBe("PUT test.users");
  });
});
