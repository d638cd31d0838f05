import {
  type Histogram,
  type MeterProvider,
  metrics,
  ProxyTracerProvider,
  type TracerProvider,
  trace,
} from "@opentelemetry/api";
import {
  InstrumentationBase,
  type InstrumentationConfig,
  type InstrumentationModuleFile,
  InstrumentationNodeModuleDefinition,
  InstrumentationNodeModuleFile,
} from "@opentelemetry/instrumentation";
import type { CommandClasses, OperationFactories, StatusCodes } from "./client.ts";
import { durationHistogram } from "./duration.ts";
import { createFailures } from "./failure.ts";
import { loadedExports } from "./loaded-exports.ts";
import { createStepNames } from "./operation.ts";
import { createPatches } from "./patch.ts";
import type { Telemetry } from "./running-operation.ts";
import { NAME, VERSION } from "./version.ts";

const CLIENT = "aerospike";
const SUPPORTED = [">=5.0.0"];
/** What the API's provider hands everything on to until an SDK is set up. */
const NOBODY = new ProxyTracerProvider().getDelegate();

/**
 * Makes a span, and a measurement of `db_client_operation_duration_seconds`, of every operation of the official Aerospike
 * client, in its promise, callback and stream forms. Its files are CommonJS however it is imported, so they are found from
 * ECMAScript modules without a loader too; also when they have been loaded already.
 *
 * @example
 * registerInstrumentations({ instrumentations: [new AerospikeInstrumentation()] });
 * const { default: Aerospike } = await import("aerospike");
 */
export class AerospikeInstrumentation extends InstrumentationBase {
  // Only declared: the base class's constructor calls what sets them, and an initialiser would undo that.
  declare private durations: Histogram | undefined;
  declare private tracerProvider: TracerProvider;
  declare private lastMeterProvider: MeterProvider | undefined;
  declare private files: InstrumentationModuleFile[];

  constructor(config: InstrumentationConfig = {}) {
    super(NAME, VERSION, config);
  }

  /** Called by the base class. */
  protected override init(): InstrumentationNodeModuleDefinition {
    this.tracerProvider = trace.getTracerProvider();
    const telemetry = this.createTelemetry();
    const patches = createPatches(telemetry);
    this.files = [
      clientFile<CommandClasses>("lib/commands/index.js", patches.apply, patches.undo),
      clientFile<OperationFactories>("lib/operations.js", (factories) => {
        telemetry.stepNameOf = createStepNames(factories);
      }),
      clientFile<StatusCodes>("lib/status.js", (codes) => {
        telemetry.failureOf = createFailures(codes);
      }),
    ];
    return new InstrumentationNodeModuleDefinition(CLIENT, SUPPORTED, undefined, undefined, this.files);
  }

  override setTracerProvider(provider: TracerProvider): void {
    super.setTracerProvider(provider);
    this.tracerProvider = provider;
  }

  override enable(): void {
    super.enable();
    for (const file of this.files) {
      if (file.moduleExports !== undefined) continue;
      const loaded = loadedExports(file.name);
      if (loaded !== undefined) file.moduleExports = file.patch(loaded);
    }
  }

  /** Called by the base class whenever there is another meter. */
  protected override _updateMetricInstruments(): void {
    this.durations = durationHistogram(this.meter);
  }

  /** Unlike tracers, meters of before the SDK's start never begin to work: as long as ours does nothing, there may be a better one. */
  private currentDurations(): Histogram | undefined {
    if (this.durations !== undefined) return this.durations;
    const provider = metrics.getMeterProvider();
    if (provider !== this.lastMeterProvider) {
      this.lastMeterProvider = provider;
      this.setMeterProvider(provider);
    }
    return this.durations;
  }

  private hasTracer(): boolean {
    const provider = this.tracerProvider;
    return !(provider instanceof ProxyTracerProvider) || provider.getDelegate() !== NOBODY;
  }

  private createTelemetry(): { -readonly [Key in keyof Telemetry]: Telemetry[Key] } {
    const tracer = () => this.tracer;
    const durations = () => this.currentDurations();
    const isIdle = () => !this.hasTracer() && durations() === undefined;
    return {
      get isIdle() {
        return isIdle();
      },
      get tracer() {
        return tracer();
      },
      get durations() {
        return durations();
      },
      stepNameOf: () => undefined,
      failureOf: createFailures({}),
    };
  }
}

/** A file of the client, by its path in the package. */
function clientFile<Exports extends object>(
  path: string,
  learn: (exports: Exports) => void,
  forget: () => void = () => {},
): InstrumentationModuleFile {
  const patch = (exports: Exports) => {
    learn(exports);
    return exports;
  };
  return new InstrumentationNodeModuleFile(`${CLIENT}/${path}`, SUPPORTED, patch, forget);
}
