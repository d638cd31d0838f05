import { createRequire } from "node:module";
import { join, sep } from "node:path";
import { setImmediate } from "node:timers/promises";
import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { AerospikeInstrumentation } from "@polylog/aerospike";

/**
 * A process of `bench/cases/aerospike.mjs`: measures operations with and without the instrumentation, taking turns, sends the figures of
 * both to its parent and ends. `call` is a put whose native part does nothing, `trip` a get from a server.
 * Spans are sent to a `collector` where there is one; without, they are made, batched and thrown away.
 *
 * The client's JavaScript is loaded twice, and only one of the two is instrumented: each keeps what V8 compiles for it, which to switch
 * one on and off would throw away.
 */
const { action, form, isTraced, isMeasured, collector, folder, port, milliseconds } = JSON.parse(
  process.argv[2],
);

const CALLS_A_TURN = action === "call" ? 500 : 100;

if (isTraced) startTracing();
if (isMeasured) startMetrics();
const [plain, watched] = [loadClient(), loadClient()];
// Finds what was loaded last.
new AerospikeInstrumentation();
const log = { level: plain.log.OFF };
for (const Aerospike of [plain, watched]) Aerospike.setDefaultLogging(log);

process.send(action === "call" ? await callTimes() : await tripTimes(), () => process.exit());

/** Anew, but for what all of a process have in common: the native part, and its loop of events. */
function loadClient() {
  const require = createRequire(join(folder, "package.json"));
  const lib = join(folder, "node_modules", "aerospike", "lib", sep);
  const isOwn = (path) => path.startsWith(lib) && !/event_loop\.js$|\.node$/.test(path);
  for (const path of Object.keys(require.cache).filter(isOwn)) delete require.cache[path];
  return require("aerospike");
}

function startTracing() {
  context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable());
  const nowhere = { export: (_spans, done) => done({ code: 0 }), shutdown: async () => {} };
  const exporter = collector === undefined ? nowhere : new OTLPTraceExporter({ url: collector });
  const spanProcessors = [new BatchSpanProcessor(exporter)];
  trace.setGlobalTracerProvider(new BasicTracerProvider({ spanProcessors }));
}

function startMetrics() {
  class Reader extends MetricReader {
    async onForceFlush() {}
    async onShutdown() {}
  }
  metrics.setGlobalMeterProvider(new MeterProvider({ readers: [new Reader()] }));
}

async function callTimes() {
  const callback = form === "callback" ? () => {} : undefined;
  const bins = { name: "Alice" };
  const turnOf = (Aerospike) => {
    const client = Aerospike.client({ hosts: "127.0.0.1:3000", log });
    client.connected = true;
    // The callback comes last.
    client.asExec = (_name, args) => args[args.length - 1](null);
    const key = new Aerospike.Key("test", "users", "user1");
    return async () => {
      for (let i = 0; i < CALLS_A_TURN; i++) client.put(key, bins, callback);
      // What is done when the caller has gone on is part of it.
      await setImmediate();
      return [];
    };
  };
  return takeTurns(turnOf(plain), turnOf(watched));
}

async function tripTimes() {
  const turnOf = async (Aerospike) => {
    const client = await Aerospike.connect({ hosts: [{ addr: "127.0.0.1", port }], log });
    const key = new Aerospike.Key("test", "users", "user1");
    await client.put(key, { name: "Alice" });
    return async () => {
      const taken = [];
      for (let i = 0; i < CALLS_A_TURN; i++) {
        const start = performance.now();
        await client.get(key);
        taken.push(performance.now() - start);
      }
      return taken;
    };
  };
  return takeTurns(await turnOf(plain), await turnOf(watched));
}

/** Machines change their pace from one second to the next; the first third finds cold code, and doesn't count. */
async function takeTurns(workOff, workOn) {
  const turns = { off: [], on: [] };
  const start = performance.now();
  for (let turn = 0; performance.now() < start + milliseconds || turns.on.length === 0; turn++) {
    const isOn = turn % 2 === 1;
    // Of all threads: what the garbage costs is in it, what else the machine does is not.
    const before = process.cpuUsage();
    const taken = await (isOn ? workOn : workOff)();
    const { user, system } = process.cpuUsage(before);
    const isWarm = performance.now() > start + milliseconds / 3;
    if (isWarm) turns[isOn ? "on" : "off"].push({ taken, cpu: (user + system) / CALLS_A_TURN });
    // Callbacks are called, and batches of spans are taken away.
    await setImmediate();
  }
  return { off: middlesOf(turns.off), on: middlesOf(turns.on) };
}

/** Microseconds: of an operation by the clock, and of the CPU that it takes. */
function middlesOf(turns) {
  return {
    clock: middle(turns.flatMap(({ taken }) => taken)) * 1_000,
    cpu: middle(turns.map(({ cpu }) => cpu)),
  };
}

function middle(values) {
  return values.sort((a, b) => a - b)[values.length >> 1];
}
