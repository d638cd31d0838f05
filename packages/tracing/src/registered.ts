/** Where OpenTelemetry's API 1.x keeps what is registered. */
const API = Symbol.for("opentelemetry.js.api.1");

/** True when somebody has registered this with OpenTelemetry's API; the API itself only tells by complaining. */
export function isRegistered(what: "trace" | "diag"): boolean {
  return (globalThis as { [API]?: Record<string, unknown> })[API]?.[what] !== undefined;
}
