import { isJsonObject } from "../../formats/json/json.ts";
import { parseJson } from "../../formats/json/json-text.ts";
import type { Attributes, LogRecord } from "../../record/record.ts";
import { addFlat } from "../flatten.ts";
import type { DecodedRecords } from "../http-intake.ts";
import { parseElement, takeLists } from "../json-lists.ts";
import { timeOf } from "../times.ts";
import { EntryReader, type Stream } from "./stream.ts";

const STREAMS = new Set(["streams"]);
/** Loki's form, and the one before it. */
const ENTRIES = new Set(["values", "entries"]);
const NO_METADATA: Attributes = [];
/** Bytes of an entry. */
const MAX_ENTRY_BYTES = 1 << 20;

/**
 * Decodes a push request in JSON: `{"streams":[{"stream":{…},"values":[["ns","line",{…}]]}]}`, and the form of
 * `/api/prom/push`, `{"streams":[{"labels":"{…}","entries":[{"ts":"…","line":"…"}]}]}`.
 *
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST`
 */
export function* decodeJson(bytes: Buffer, now: bigint): DecodedRecords {
  const entries = new EntryReader(now, bytes.length);
  const { lists } = yield* takeLists(bytes, STREAMS);
  for (const element of lists.get("streams") ?? []) {
    const { rest, lists: inner } = yield* takeLists(element, ENTRIES);
    const stream = streamOf(entries, rest);
    for (const list of inner.values()) {
      for (const entry of list) yield readEntry(entry, stream, entries) ?? null;
    }
  }
}

function streamOf(entries: EntryReader, { stream, labels }: Readonly<Record<string, unknown>>): Stream {
  if (typeof labels === "string") return entries.streamOf(labels);
  const pairs: string[] = [];
  addFlat(pairs, "", stream);
  return entries.streamOfPairs(pairs);
}

function readEntry(entry: Buffer, stream: Stream, entries: EntryReader): LogRecord | undefined {
  if (entry[0] !== 0x5b) {
    const { ts, line } = parseElement(entry) ?? {};
    return typeof line === "string" ? entries.read(stream, timeOf(ts), line, NO_METADATA) : undefined;
  }
  const value = entry.length > MAX_ENTRY_BYTES ? undefined : parse(entry);
  if (!Array.isArray(value)) return undefined;
  const [time, line, metadata] = value as unknown[];
  const nanoseconds = timeOf(time);
  if (typeof line !== "string" || nanoseconds === undefined) return undefined;
  if (!isJsonObject(metadata)) return entries.read(stream, nanoseconds, line, NO_METADATA);
  const pairs: string[] = [];
  addFlat(pairs, "", metadata);
  return entries.read(stream, nanoseconds, line, pairs);
}

function parse(entry: Buffer): unknown {
  try {
    return parseJson(entry.toString("utf8"));
  } catch {
    return undefined;
  }
}
