import { DiagConsoleLogger, DiagLogLevel, diag } from "@opentelemetry/api";
import { diagLogLevelFromString } from "@opentelemetry/core";
import { type Environment, textOf } from "./environment.ts";
import { isRegistered } from "./registered.ts";
import type { Tell } from "./tell.ts";

/**
 * Runs `setUp` and tells what OpenTelemetry itself complains of meanwhile: a sampler that it doesn't know, a ratio that is none.
 * Afterwards it is silent again, because a collector that is away is told of once, not with each attempt.
 * With `OTEL_LOG_LEVEL` it says all that it wants, to the console.
 */
export function tellWarningsOf<T>(setUp: () => T, environment: Environment, tell: Tell): T {
  // The application has a logger of its own for it.
  if (isRegistered("diag")) return setUp();
  const level = textOf(environment, "OTEL_LOG_LEVEL");
  if (level !== undefined) {
    diag.setLogger(new DiagConsoleLogger(), {
      logLevel: diagLogLevelFromString(level) ?? DiagLogLevel.INFO,
      suppressOverrideMessage: true,
    });
    return setUp();
  }
  const warn = (message: string) => tell("POLYLOG_E_TRACING_CONFIG", message);
  const ignore = () => {};
  diag.setLogger(
    { error: warn, warn, info: ignore, debug: ignore, verbose: ignore },
    { logLevel: DiagLogLevel.WARN, suppressOverrideMessage: true },
  );
  try {
    return setUp();
  } finally {
    diag.disable();
  }
}
