import { guessSeverity } from "../../formats/guess-severity.ts";
import { FieldReader } from "../../formats/json/fields.ts";
import { meaningOf } from "../../formats/json/roles.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import { UTC } from "../../formats/time/zone.ts";
import type { LogRecord } from "../../record/record.ts";
import { EventTime } from "./message-pack.ts";

/** Levels of maps that become dotted names; what lies deeper is JSON text. */
const MAX_DEPTH = 32;
/** Seconds that fit into the store's times. */
const MAX_SECONDS = 9_000_000_000;

/** Makes records of Fluent's entries; those of one maker share their resources. */
export type EntryReader = (tag: string, time: unknown, record: unknown, now: bigint) => LogRecord | undefined;

/**
 * Hot path. Makes a reader of entries. What the record's names mean is told as in JSON lines; the entry's time goes
 * before a time in the record, which stays an attribute, and the tag is the logger where the record names none.
 *
 * It answers undefined when the record is no map or the time is none. Texts are given as bytes.
 *
 * @example
 * const read = createEntryReader();
 * read("app.access", 1_795_257_667, { message: Buffer.from("ready"), level: Buffer.from("info") }, now);
 */
export function createEntryReader(): EntryReader {
  const builder = new RecordBuilder();
  const fields = new FieldReader({ zone: UTC, reference: 0 });
  return (tag, time, record, now) => {
    // Fluent Bit sends the entry's metadata beside its time.
    const [at, metadata] = Array.isArray(time) ? time : [time];
    const timestamp = timeOf(at, now);
    if (timestamp === undefined || !isMap(record)) return undefined;
    fields.begin({ zone: UTC, reference: Number(now / 1_000_000n) });
    const times: [name: string, text: string][] = [];
    addFields(fields, times, "", record, 0);
    if (isMap(metadata)) addFields(fields, times, "fluent.metadata", metadata, 1);
    const draft = fields.finish();
    draft.timestamp = timestamp;
    draft.body = draft.body.replace(/\r?\n$/, "") || jsonOf(record);
    draft.logger ||= tag;
    for (const pair of times) draft.attributes.push(...pair);
    draft.attributes.push("fluent.tag", tag);
    // Docker's log driver names the container, and its own name begins with a slash.
    if (draft.service === "" && record.container_name instanceof Uint8Array) {
      draft.service = textOf(record.container_name).replace(/^\//, "");
    }
    if (draft.severityNumber === 0) guessSeverity(draft);
    return builder.build(draft, timestamp, now);
  };
}

type RecordMap = { readonly [name: string]: unknown };

function isMap(value: unknown): value is RecordMap {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype;
}

function timeOf(value: unknown, now: bigint): bigint | undefined {
  if (value instanceof EventTime) return value.nanoseconds;
  if (value === null) return now;
  const seconds = typeof value === "bigint" ? Number(value) : value;
  if (typeof seconds !== "number" || !(seconds >= 0 && seconds < MAX_SECONDS)) return undefined;
  if (seconds === 0) return now;
  return BigInt(Math.trunc(seconds)) * 1_000_000_000n + BigInt(Math.round((seconds % 1) * 1e6)) * 1000n;
}

function addFields(
  fields: FieldReader,
  times: [name: string, text: string][],
  prefix: string,
  map: RecordMap,
  depth: number,
): void {
  for (const key of Object.keys(map)) {
    const value = map[key];
    const name = prefix === "" ? key : `${prefix}.${key}`;
    if (isMap(value) && depth < MAX_DEPTH) addFields(fields, times, name, value, depth + 1);
    else {
      const leaf = leafOf(value);
      if (leaf === undefined) continue;
      if (meaningOf(name)?.role === "time") times.push([name, String(leaf)]);
      else fields.add(name, leaf);
    }
  }
}

function leafOf(value: unknown): string | number | boolean | undefined {
  switch (typeof value) {
    case "number":
    case "boolean":
      return value;
    case "bigint":
      return String(value);
    default:
      if (value === null || value === undefined) return undefined;
      return plainOf(value) ?? jsonOf(value);
  }
}

/** Texts come as bytes; what isn't UTF-8 in them is replaced. */
function textOf(value: Uint8Array): string {
  const bytes = value instanceof Buffer ? value : Buffer.from(value.buffer, value.byteOffset, value.length);
  return bytes.toString();
}

/** The text of what JSON has no word for, and of a text. */
function plainOf(value: object): string | undefined {
  if (value instanceof Uint8Array) return textOf(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "" : value.toISOString();
  if (value instanceof EventTime) return String(value.nanoseconds);
  return undefined;
}

function jsonOf(value: unknown): string {
  try {
    // By the holder: JSON would have asked bytes for their own form before it asks us.
    return JSON.stringify(value, function (this: Readonly<Record<string, unknown>>, key) {
      const inner = this[key];
      if (typeof inner === "bigint") return String(inner);
      return typeof inner === "object" && inner !== null ? (plainOf(inner) ?? inner) : inner;
    });
  } catch {
    return "[nested too deeply]";
  }
}
