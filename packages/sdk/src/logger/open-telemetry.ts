/** Where @opentelemetry/api 1.x keeps what is registered. */
const API = Symbol.for("opentelemetry.js.api.1");

/** As much of OpenTelemetry's as is used here, without depending on its package. */
export interface ContextManager {
  active(): OpenTelemetryContext;
  with<Result>(context: OpenTelemetryContext, work: () => Result): Result;
}

interface OpenTelemetryContext {
  getValue(key: symbol): unknown;
  setValue(key: symbol, value: unknown): OpenTelemetryContext;
}

/** Hot path. `undefined` where nobody has registered one in this process. */
export function contextManager(): ContextManager | undefined {
  return (globalThis as { readonly [API]?: { readonly context?: ContextManager } })[API]?.context;
}
