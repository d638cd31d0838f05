import { setImmediate as nextTurn } from "node:timers/promises";
import { context, propagation, ROOT_CONTEXT, SpanKind, trace as traceApi } from "@opentelemetry/api";
import { initTracing, shutdownTracing, trace } from "@polylog/tracing";
import { median } from "../report.mjs";

const CALLS_A_TURN = 500;

/** What the span of a database's operation says. */
const ATTRIBUTES = {
  "db.system.name": "aerospike",
  "db.namespace": "test",
  "db.collection.name": "users",
  "db.operation.name": "PUT",
  "server.address": "127.0.0.1",
  "server.port": 3000,
};
const TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/**
 * What tracing costs a program, in the process that does the work: spans made, batched and given to an exporter that takes them
 * at once; nothing when tracing is off; a trace's ids into headers and out of them.
 */
export async function run({ isQuick, report }) {
  const rounds = isQuick ? 5 : 15;
  const measure = async (name, unit, bar, calls, work) => {
    const perCall = await timesOf(rounds, calls, work);
    const value = median(perCall);
    report.add(name, unit === "µs" ? value / 1000 : value, unit, { bar });
  };

  await measure("no-op: trace() before initTracing", "ns", 100, 1_000_000, () =>
    trace("PUT test.users", ATTRIBUTES, work),
  );
  await measure("no-op: startSpan before initTracing", "ns", 100, 1_000_000, () => startOperation().end());

  initTracing({ exporter: takingAll(), instrumentations: false });
  current = traceApi.getTracer("bench");
  await measure("span with the attributes of an operation", "µs", 5, 50_000, () => startOperation().end());
  await measure("the same by trace()", "µs", 5, 50_000, () => trace("PUT test.users", ATTRIBUTES, work));

  const active = propagation.extract(ROOT_CONTEXT, { traceparent: TRACEPARENT });
  await measure("inject and extract", "µs", 1, 200_000, () => {
    const headers = {};
    propagation.inject(active, headers);
    return propagation.extract(ROOT_CONTEXT, headers);
  });
  await shutdownTracing();

  process.env.OTEL_TRACES_SAMPLER = "always_off";
  initTracing({ exporter: takingAll(), instrumentations: false });
  current = traceApi.getTracer("bench");
  await measure("span of a trace that is not kept", "µs", 5, 50_000, () => startOperation().end());
  await shutdownTracing();
  delete process.env.OTEL_TRACES_SAMPLER;

  // The last: it can't be taken back within a process.
  process.env.OTEL_SDK_DISABLED = "true";
  initTracing();
  await measure("no-op: trace() with OTEL_SDK_DISABLED", "ns", 100, 1_000_000, () =>
    trace("PUT test.users", ATTRIBUTES, work),
  );
  delete process.env.OTEL_SDK_DISABLED;
}

const work = () => {};
const noTracer = traceApi.getTracer("bench");
/** Once there is a provider: as an instrumentation holds it. */
let current;

function startOperation() {
  return (current ?? noTracer).startSpan(
    "PUT test.users",
    { kind: SpanKind.CLIENT, attributes: ATTRIBUTES },
    context.active(),
  );
}

function takingAll() {
  return { export: (_spans, done) => done({ code: 0 }), shutdown: async () => {} };
}

/**
 * Nanoseconds of CPU a call, of each round after the ones that warm up: of all threads, so that what the garbage costs is in it, and
 * what else the machine does is not.
 */
async function timesOf(rounds, calls, work) {
  const times = [];
  for (let round = -3; round < rounds; round++) {
    const before = process.cpuUsage();
    for (let turn = 0; turn < calls / CALLS_A_TURN; turn++) {
      for (let call = 0; call < CALLS_A_TURN; call++) work();
      // Batches go out between turns, as in a program; without it the queue would be full and spans thrown away.
      await nextTurn();
    }
    const { user, system } = process.cpuUsage(before);
    if (round >= 0) times.push(((user + system) * 1000) / calls);
  }
  return times;
}
