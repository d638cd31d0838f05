import { LineSplitter } from "../../formats/lines/line-splitter.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import type { LogRecord } from "../../record/record.ts";
import { addFlat } from "../flatten.ts";
import { TextReader } from "../text-reader.ts";

/** Bytes that are split in one go. */
const SLICE_BYTES = 64 << 10;
const SERVER_PREFIX = "server-";

/**
 * Decodes a body of `uploadLogs`: lines of text, one record each.
 *
 * @param query its `host` and `server-*` name the resource; `logfile`, `parser` and what else there is, the records
 * @param now nanoseconds since 1970, for lines without a time
 */
export function* decodeLines(
  body: Buffer,
  { query, now }: { readonly query: Readonly<Record<string, unknown>>; readonly now: bigint },
): Generator<LogRecord | undefined> {
  const reader = new TextReader(now);
  const builder = builderOf(query);
  const splitter = new LineSplitter();
  let records: LogRecord[] = [];
  const onLine = ({ text, cutBytes }: { text: string; cutBytes: number }): void => {
    if (text.trim() === "") return;
    const draft = reader.read(text);
    if (cutBytes > 0) draft.attributes.push("polylog.truncated_bytes", String(cutBytes));
    records.push(builder.build(draft, now, now));
  };
  for (let start = 0; start < body.length; start += SLICE_BYTES) {
    splitter.push(body.subarray(start, start + SLICE_BYTES), onLine);
    yield* records;
    records = [];
    yield;
  }
  splitter.end(onLine);
  yield* records;
}

function builderOf(query: Readonly<Record<string, unknown>>): RecordBuilder {
  const attributes: string[] = [];
  const resource: string[] = [];
  let host = "";
  for (const [name, value] of Object.entries(query)) {
    if (name === "token") continue;
    if (name === "host" && typeof value === "string") host = value;
    else if (name.startsWith(SERVER_PREFIX)) addFlat(resource, name.slice(SERVER_PREFIX.length), value);
    else addFlat(attributes, name, value);
  }
  return new RecordBuilder({ host, resource, attributes });
}
