import { createRequire } from "node:module";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { context, metrics, trace } from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { OTLPTraceExporter } from "@opentelemetry/exporter-trace-otlp-proto";
import { MeterProvider, MetricReader } from "@opentelemetry/sdk-metrics";
import { BasicTracerProvider, BatchSpanProcessor } from "@opentelemetry/sdk-trace-base";
import { AerospikeInstrumentation } from "@polylog/aerospike";

/**
 * A process of `bench/cases/aerospike.mjs`: measures operations with and without the instrumentation, taking turns, sends both figures to
 * its parent and ends. `call` is nanoseconds of CPU of a put whose native part does nothing, `trip` microseconds of a get from a
 * server. Spans are sent to a `collector` where there is one; without, they are made, batched and thrown away.
 */
const { action, form, isTraced, isMeasured, collector, folder, port, milliseconds } = JSON.parse(
  process.argv[2],
);

const CALLS_A_TURN = 500;

const instrumentation = new AerospikeInstrumentation();
if (isTraced) startTracing();
if (isMeasured) startMetrics();
const Aerospike = createRequire(join(folder, "package.json"))("aerospike");
Aerospike.setDefaultLogging({ level: Aerospike.log.OFF });
const key = new Aerospike.Key("test", "users", "user1");
const log = { level: Aerospike.log.OFF };

process.send(action === "call" ? await callTimes() : await tripTimes(), () => process.exit());

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
  const client = Aerospike.client({ hosts: "127.0.0.1:3000", log });
  client.connected = true;
  // The callback comes last.
  client.asExec = (_name, args) => args[args.length - 1](null);
  const bins = { name: "Alice" };
  const callback = form === "callback" ? () => {} : undefined;
  return takeTurns(async () => {
    // Of all threads: what the garbage costs is in it, what else the machine does is not.
    const before = process.cpuUsage();
    for (let i = 0; i < CALLS_A_TURN; i++) client.put(key, bins, callback);
    const { user, system } = process.cpuUsage(before);
    return [((user + system) / CALLS_A_TURN) * 1e3];
  });
}

async function tripTimes() {
  const client = await Aerospike.connect({ hosts: [{ addr: "127.0.0.1", port }], log });
  await client.put(key, { name: "Alice" });
  const times = await takeTurns(async () => {
    const taken = [];
    for (let i = 0; i < 200; i++) {
      const start = performance.now();
      await client.get(key);
      taken.push((performance.now() - start) * 1_000);
    }
    return taken;
  });
  client.close();
  return times;
}

/** Machines change their pace from one second to the next; the first third finds cold code, and doesn't count. */
async function takeTurns(work) {
  const times = { off: [], on: [] };
  const start = performance.now();
  for (let turn = 0; performance.now() < start + milliseconds; turn++) {
    const isOn = turn % 2 === 1;
    if (isOn) instrumentation.enable();
    else instrumentation.disable();
    const taken = await work();
    if (performance.now() > start + milliseconds / 3) times[isOn ? "on" : "off"].push(...taken);
    // Callbacks are called, and batches of spans are taken away.
    await setImmediate();
  }
  return { off: middle(times.off), on: middle(times.on) };
}

function middle(times) {
  return times.sort((a, b) => a - b)[times.length >> 1];
}
