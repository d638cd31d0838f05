/** Where OpenTelemetry's API 1.x keeps what is registered. */
const API = Symbol.for("opentelemetry.js.api.1");

type Registered = { readonly [what in "trace" | "diag"]?: unknown };

let registered: Registered | undefined;

/**
 * True when somebody has registered this with OpenTelemetry's API; the API itself only tells by complaining.
 *
 * Hot path: asked for each span of the manual API. The API makes its object once, and keeps it.
 */
export function isRegistered(what: keyof Registered): boolean {
  registered ??= (globalThis as { [API]?: Registered })[API];
  return registered?.[what] !== undefined;
}
