import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { parseJson } from "../../formats/json/json-text.ts";
import type { RecordDefaults } from "../../formats/record-builder.ts";
import type { Attributes, LogRecord } from "../../record/record.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { addFlat } from "../flatten.ts";
import { takeLists } from "../json-lists.ts";
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
 * @param defaults what the request tells of all its entries
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST`
 */
export function* decodeJson(bytes: Buffer, now: bigint, defaults: RecordDefaults = {}): DecodedRecords {
  const entries = new EntryReader(now, bytes.length, defaults);
  const { lists } = yield* takeLists(bytes, STREAMS);
  for (const element of lists.get("streams") ?? []) {
    const { rest, values } = yield* takeStream(element);
    const stream = streamOf(entries, rest);
    for (const entry of values) yield readEntry(entry, stream, entries) ?? null;
  }
}

interface TakenStream {
  readonly rest: JsonObject;
  readonly values: readonly unknown[];
}

/** @param element a stream's text, or what it is where it has been parsed already */
function* takeStream(element: unknown): Generator<undefined, TakenStream> {
  if (element instanceof Buffer) {
    const { rest, lists } = yield* takeLists(element, ENTRIES);
    return { rest, values: [...lists.values()].flat() };
  }
  if (!isJsonObject(element)) return { rest: {}, values: [element] };
  const { values, entries, ...rest } = element;
  return {
    rest,
    values: [values, entries].flatMap((list) => (Array.isArray(list) ? (list as unknown[]) : [])),
  };
}

function streamOf(entries: EntryReader, { stream, labels }: JsonObject): Stream {
  if (typeof labels === "string") return entries.streamOf(labels);
  const pairs: string[] = [];
  addFlat(pairs, "", stream);
  return entries.streamOfPairs(pairs);
}

function readEntry(element: unknown, stream: Stream, entries: EntryReader): LogRecord | undefined {
  const entry = element instanceof Buffer ? parse(element) : element;
  if (isJsonObject(entry)) {
    const { ts, line } = entry;
    return typeof line === "string" ? entries.read(stream, timeOf(ts), line, NO_METADATA) : undefined;
  }
  if (!Array.isArray(entry)) return undefined;
  const [time, line, metadata] = entry as unknown[];
  const nanoseconds = timeOf(time);
  if (typeof line !== "string" || nanoseconds === undefined) return undefined;
  if (!isJsonObject(metadata)) return entries.read(stream, nanoseconds, line, NO_METADATA);
  const pairs: string[] = [];
  addFlat(pairs, "", metadata);
  return entries.read(stream, nanoseconds, line, pairs);
}

function parse(entry: Buffer): unknown {
  if (entry.length > MAX_ENTRY_BYTES) return undefined;
  try {
    return parseJson(entry.toString("utf8"));
  } catch {
    return undefined;
  }
}
