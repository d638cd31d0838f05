import type { Instrumentation } from "@opentelemetry/instrumentation";
import { type Environment, someOf } from "../environment.ts";
import { loadIfPresent } from "../load.ts";
import type { TracingOptions } from "../options.ts";
import type { Tell } from "../tell.ts";
import { INSTRUMENTATION_NAMES, INSTRUMENTATIONS, type InstrumentationName } from "./list.ts";

/** The instrumentations that are wanted and installed. They act from here on. */
export function createInstrumentations(
  { instrumentations = true }: TracingOptions,
  environment: Environment,
  tell: Tell,
): Instrumentation[] {
  if (instrumentations === false) return [];
  const wanted = instrumentations === true ? wantedBy(environment, tell) : instrumentations;
  return wanted.flatMap((one) => (typeof one === "string" ? (create(one, tell) ?? []) : one));
}

function wantedBy(environment: Environment, tell: Tell): readonly InstrumentationName[] {
  const named = (name: string) => someOf(INSTRUMENTATION_NAMES, environment, name, tell);
  const enabled = named("OTEL_NODE_ENABLED_INSTRUMENTATIONS") ?? INSTRUMENTATION_NAMES;
  const disabled = named("OTEL_NODE_DISABLED_INSTRUMENTATIONS") ?? [];
  return enabled.filter((name) => !disabled.includes(name));
}

function create(name: InstrumentationName, tell: Tell): Instrumentation | undefined {
  const { package: from, type, ...rest } = INSTRUMENTATIONS[name];
  try {
    const types = loadIfPresent<Record<string, new (config?: object) => Instrumentation>>(from);
    const Type = types?.[type];
    return Type === undefined ? undefined : new Type("config" in rest ? rest.config : {});
  } catch (error) {
    tell("POLYLOG_E_TRACING_CONFIG", `${name} isn't traced: ${from} can't be loaded: ${error}`);
    return undefined;
  }
}
