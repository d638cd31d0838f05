import type { TextMapPropagator } from "@opentelemetry/api";
import { CompositePropagator, W3CBaggagePropagator } from "@opentelemetry/core";
import type * as B3 from "@opentelemetry/propagator-b3";
import type * as Jaeger from "@opentelemetry/propagator-jaeger";
import { type Environment, someOf } from "./environment.ts";
import { load } from "./load.ts";
import type { Tell } from "./tell.ts";
import { createTraceContextPropagator } from "./trace-context.ts";

const NAMES = ["tracecontext", "baggage", "b3", "b3multi", "jaeger", "none"] as const;
type Name = Exclude<(typeof NAMES)[number], "none">;

/**
 * By which headers a trace goes on from one process to the next: those of `OTEL_PROPAGATORS`, else W3C Trace Context
 * and Baggage. `undefined` for `none`.
 */
export function createPropagator(environment: Environment, tell: Tell): TextMapPropagator | undefined {
  const names = someOf(NAMES, environment, "OTEL_PROPAGATORS", tell) ?? ["tracecontext", "baggage"];
  const known = [...new Set(names)].filter((name) => name !== "none");
  if (names.includes("none") || known.length === 0) return undefined;
  const propagators = known.map(create);
  return propagators.length === 1 ? propagators[0] : new CompositePropagator({ propagators });
}

function create(name: Name): TextMapPropagator {
  switch (name) {
    case "tracecontext":
      return createTraceContextPropagator();
    case "baggage":
      return new W3CBaggagePropagator();
    case "b3":
    case "b3multi": {
      const { B3InjectEncoding, B3Propagator } = load<typeof B3>("@opentelemetry/propagator-b3");
      const injectEncoding = name === "b3" ? B3InjectEncoding.SINGLE_HEADER : B3InjectEncoding.MULTI_HEADER;
      return new B3Propagator({ injectEncoding });
    }
    case "jaeger": {
      const { JaegerPropagator } = load<typeof Jaeger>("@opentelemetry/propagator-jaeger");
      return new JaegerPropagator();
    }
  }
}
