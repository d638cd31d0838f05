import { RecordBuilder } from "../../../formats/record-builder.ts";
import type { LogRecord, SpanRecord } from "../../../record/record.ts";
import { EnvelopeReader } from "../envelope.ts";
import { maxBytesOf, recordsOfItems } from "../items.ts";

/** When it comes, in nanoseconds since 1970. */
export const NOW = 1_795_257_667_000_000_000n;
export const TRACE = "0af7651916cd43dd8448eb211c80319c";
export const SPAN = "b7ad6b7169203331";

/** The records of an envelope with one item. */
export function decodeItem(
  type: string,
  payload: unknown,
  header: object = {},
): (LogRecord | SpanRecord | null)[] {
  const reader = new EnvelopeReader(maxBytesOf);
  reader.push(Buffer.from([header, { type }, payload].map((line) => JSON.stringify(line)).join("\n")));
  reader.end();
  const around = { header: reader.header, project: "42", builder: new RecordBuilder(), now: NOW };
  return [...recordsOfItems(reader.items, around)].filter((record) => record !== undefined);
}

/** Flat pairs by name. */
export const pairsOf = (flat: readonly string[]) =>
  Object.fromEntries(Array.from({ length: flat.length / 2 }, (_, at) => flat.slice(at * 2, at * 2 + 2)));
