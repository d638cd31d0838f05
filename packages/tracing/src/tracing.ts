import {
  context,
  metrics as metricsApi,
  propagation,
  type Tracer,
  trace as traceApi,
} from "@opentelemetry/api";
import { AsyncLocalStorageContextManager } from "@opentelemetry/context-async-hooks";
import { registerInstrumentations } from "@opentelemetry/instrumentation";
import { onProcessEnd } from "./end/process-end.ts";
import { type Environment, isTrue, textOf } from "./environment.ts";
import { createInstrumentations } from "./instrumentation/instrument.ts";
import { createMetrics, type Metrics } from "./metrics/metrics.ts";
import { type MetricsServer, serveMetrics } from "./metrics/server.ts";
import { takeNativeSpans } from "./native/connection.ts";
import type { TracingOptions } from "./options.ts";
import { createPropagator } from "./propagators.ts";
import { isRegistered } from "./registered.ts";
import { createResource } from "./resource.ts";
import { tellWarningsOf } from "./setup-warnings.ts";
import type { Tell } from "./tell.ts";
import { createTraces, type Traces } from "./traces.ts";

/** Milliseconds that a process which ends waits for its collector. */
const MOST_AT_END = 3_000;
/** The same without giving way, for `process.exit`. */
const MOST_AT_EXIT = 5_000;
/** Milliseconds that `shutdownTracing` takes at most. */
const MOST_AT_SHUTDOWN = 5_000;

/** Tracing and metrics of one process. */
export interface Tracing {
  init(options?: TracingOptions): void;
  shutdown(): Promise<void>;
  startMetricsServer(port: number, host: string): Promise<MetricsServer>;
  droppedSpanCount(): number;
  /** Makes the spans of the manual API. */
  tracer(): Tracer;
}

/** What comes from outside. */
export interface Surroundings {
  readonly environment: Environment;
  readonly tell: Tell;
}

interface Running {
  /** None where only headers are read and written. */
  readonly traces?: Traces;
  /** Undoes what was registered. */
  takeBack(): unknown;
  /** Lets go of the end of the process. */
  letGo(): void;
}

export function createTracing({ environment, tell }: Surroundings): Tracing {
  let running: Running | undefined;
  let metrics: Metrics | undefined;
  let servers: MetricsServer[] = [];
  let ended = Promise.resolve();
  let lost = 0;
  const onLost = (count: number) => {
    lost += count;
  };
  let tracer: Tracer | undefined;
  let isMetricsApiOurs = false;
  const isOff = () => isTrue(environment, "OTEL_SDK_DISABLED");

  function init(options: TracingOptions = {}): void {
    if (running !== undefined) {
      if (running.traces !== undefined && Object.keys(options).length > 0) {
        tell(
          "POLYLOG_E_TRACING_CONFIG",
          "initTracing() was called before, these options are left out: call shutdownTracing() first",
        );
      }
      return;
    }
    try {
      running = tellWarningsOf(() => start(options), environment, tell);
    } catch (error) {
      const { message } = error as Error;
      tell(
        "POLYLOG_E_TRACING_CONFIG",
        `initTracing() did nothing, the application goes on without: ${message}`,
      );
    }
    tracer = undefined;
  }

  function start(options: TracingOptions): Running | undefined {
    const propagator = createPropagator(environment, tell);
    if (isOff()) {
      // By the specification, propagators are the one thing that stays.
      const isOurs = propagator !== undefined && propagation.setGlobalPropagator(propagator);
      return { takeBack: () => isOurs && propagation.disable(), letGo() {} };
    }
    if (isRegistered("trace")) {
      tell(
        "POLYLOG_E_TRACING_OTHER",
        "initTracing() did nothing: another tracer provider is registered already, and spans go there",
      );
      return undefined;
    }
    const resource = createResource(options);
    const traces = createTraces(options, resource, environment, { tell, onLost });
    const measured = measure(options);
    const registered = [
      { api: traceApi, isOurs: traceApi.setGlobalTracerProvider(traces.provider) },
      {
        api: context,
        isOurs: context.setGlobalContextManager(new AsyncLocalStorageContextManager().enable()),
      },
      {
        api: propagation,
        isOurs: propagator !== undefined && propagation.setGlobalPropagator(propagator),
      },
    ];
    const unload = registerInstrumentations({
      instrumentations: createInstrumentations(options, environment, tell),
      tracerProvider: traces.provider,
      meterProvider: measured.provider,
    });
    // Last: from here on native code makes spans, and nothing of all that was refused.
    const native = takeNativeSpans(resource, { tell, onLost }, traces.take);
    if (measured.isServed) void serveByEnvironment();
    let areMetricsSent = !measured.isSent;
    let isInTime = true;
    const letGo = onProcessEnd({
      isPending() {
        native.drain();
        return traces.isPending || !areMetricsSent;
      },
      async flush() {
        native.drain();
        areMetricsSent = true;
        isInTime = await within(MOST_AT_END, Promise.all([traces.flush(), measured.flush()]));
        return isInTime;
      },
      // Where a flush took too long, a child would do no better.
      flushSync() {
        native.drain();
        traces.flushSync(isInTime ? MOST_AT_EXIT : 0);
      },
    });
    return {
      traces,
      takeBack() {
        native.end();
        unload();
        // Where another's was there first, it stays.
        for (const { api, isOurs } of registered) if (isOurs) api.disable();
      },
      letGo,
    };
  }

  /** One provider serves all readers, and can't get another later on. */
  function measure(options: TracingOptions): Metrics {
    if (metrics === undefined) {
      const wanted = isOff() ? ({ ...options, metricsExporter: "none" } as const) : options;
      metrics = createMetrics(wanted, createResource(options), environment, tell);
      isMetricsApiOurs = metricsApi.setGlobalMeterProvider(metrics.provider);
    }
    return metrics;
  }

  async function serveByEnvironment(): Promise<void> {
    const port = Number(textOf(environment, "OTEL_EXPORTER_PROMETHEUS_PORT") ?? 9464);
    const host = textOf(environment, "OTEL_EXPORTER_PROMETHEUS_HOST") ?? "localhost";
    try {
      await startMetricsServer(port, host);
    } catch (error) {
      tell("POLYLOG_E_METRICS_SERVER", (error as Error).message);
    }
  }

  async function startMetricsServer(port: number, host: string): Promise<MetricsServer> {
    const server = await serveMetrics(measure({}).reader, port, host);
    servers.push(server);
    return server;
  }

  async function stop(stopped: Running | undefined, measured: Metrics | undefined, open: MetricsServer[]) {
    const flushed = Promise.all([stopped?.traces?.shutdown(), measured?.shutdown()]);
    await Promise.all([within(MOST_AT_SHUTDOWN, flushed), ...open.map((server) => server.close())]);
    // Not before: a process that ends meanwhile still has something to send.
    stopped?.letGo();
    stopped?.traces?.giveUp();
  }

  return {
    init,
    shutdown() {
      if (running === undefined && metrics === undefined) return ended;
      running?.takeBack();
      if (isMetricsApiOurs) metricsApi.disable();
      isMetricsApiOurs = false;
      const stopping = stop(running, metrics, servers);
      ended = Promise.all([ended, stopping]).then(() => {});
      running = undefined;
      metrics = undefined;
      tracer = undefined;
      servers = [];
      return ended;
    },
    startMetricsServer,
    droppedSpanCount: () => lost,
    tracer() {
      tracer ??= traceApi.getTracer("@polylog/tracing");
      return tracer;
    },
  };
}

/** False when it takes longer. */
async function within(milliseconds: number, work: Promise<unknown>): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined;
  const tooLong = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), milliseconds);
  });
  const isInTime = await Promise.race([work.then(() => true as const), tooLong]);
  clearTimeout(timer);
  return isInTime;
}
