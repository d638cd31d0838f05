import type { AnyValue, KeyValue } from "./otlp-request.ts";

/** Values of OTLP's, for requests. */
export const text = (stringValue: string): AnyValue => ({ stringValue });
export const list = (...values: AnyValue[]): AnyValue => ({ arrayValue: { values } });
export const map = (entries: Record<string, AnyValue>): AnyValue => ({
  kvlistValue: { values: attributes(entries) },
});
export const attributes = (entries: Record<string, AnyValue>): KeyValue[] =>
  Object.entries(entries).map(([key, value]) => ({ key, value }));
