import type { AnyValue, KeyValue } from "./otlp-request.ts";

/** Values of OTLP's, for requests. */
export const text = (stringValue: string): AnyValue => ({ stringValue });
export const list = (...values: AnyValue[]): AnyValue => ({ arrayValue: { values } });
export const map = (entries: Record<string, AnyValue>): AnyValue => ({
  kvlistValue: { values: attributes(entries) },
});
export const attributes = (entries: Record<string, AnyValue>): KeyValue[] =>
  Object.entries(entries).map(([key, value]) => ({ key, value }));

/** When requests are decoded, in nanoseconds since 1970, and ids that records in them have. */
export const NOW = 1_700_000_000_000_000_000n;
export const TRACE_ID = "0af7651916cd43dd8448eb211c80319c";
export const SPAN_ID = "b7ad6b7169203331";
