/**
 * A trace id as 32 lower-case hex digits, or `undefined`. Takes 64-bit ids (Zipkin, padded as OpenTelemetry
 * pads them), UUIDs, and Google's `projects/…/traces/ID`.
 */
export function traceIdOf(text: string): string | undefined {
  // As nearly all are written.
  if (text.length === 32 && isId(text)) return text;
  if (text.length > 256) return undefined;
  const slash = text.lastIndexOf("/");
  const hex = (slash < 0 ? text : text.slice(slash + 1)).replaceAll("-", "").toLowerCase();
  if (hex.length !== 32 && hex.length !== 16) return undefined;
  return isId(hex) ? hex.padStart(32, "0") : undefined;
}

/**
 * A trace id as 32 lower-case hex digits of one whose first digits may be missing: Zipkin and Jaeger write ids of 64 bits, and
 * leave out zeros. `undefined` when it is none.
 */
export function paddedTraceIdOf(text: string): string | undefined {
  if (text.length > 32) return traceIdOf(text);
  return traceIdOf(text) ?? traceIdOf(text.padStart(32, "0"));
}

/** A span id as 16 lower-case hex digits, or `undefined`. */
export function spanIdOf(text: string): string | undefined {
  if (text.length !== 16) return undefined;
  if (isId(text)) return text;
  const hex = text.toLowerCase();
  return isId(hex) ? hex : undefined;
}

/** Datadog's decimal 64-bit id as 16 hex digits, or `undefined`. Newer tracers write 128 bits as hex. */
export function datadogIdOf(text: string): string | undefined {
  if (text.length === 0 || text.length > 20) return undefined;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (c < 48 || c > 57) return undefined;
  }
  const id = BigInt(text);
  return id === 0n || id >> 64n !== 0n ? undefined : id.toString(16).padStart(16, "0");
}

/** Hex digits, not all zero: OpenTelemetry calls the zero id invalid. */
function isId(text: string): boolean {
  let isZero = true;
  for (let i = 0; i < text.length; i++) {
    const c = text.charCodeAt(i);
    if (!((c >= 48 && c <= 57) || (c >= 97 && c <= 102))) return false;
    if (c !== 48) isZero = false;
  }
  return !isZero;
}
