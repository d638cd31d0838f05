import { isUtf8 } from "node:buffer";
import { type Draft, newDraft } from "../../formats/format.ts";
import { spanIdOf, traceIdOf } from "../../formats/ids.ts";
import { exceptionOfStack } from "../../formats/lines/exception.ts";
import type { RecordBuilder } from "../../formats/record-builder.ts";
import { facilityName, setSyslogSeverity } from "../../formats/syslog-priority.ts";
import type { LogRecord } from "../../record/record.ts";
import { addFlat } from "../flatten.ts";
import type { JournalEntry } from "./export-reader.ts";

const MICROSECOND = 1000n;

/** OpenTelemetry's names of fields; those that are not here keep their own. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["_PID", "process.pid"],
  ["CODE_FILE", "code.file.path"],
  ["CODE_LINE", "code.line.number"],
  ["CODE_FUNC", "code.function.name"],
  ["THREAD_NAME", "thread.name"],
]);

/** Puts a field's value into its part of the record; false when it can't mean that. */
type Fill = (draft: Draft, value: string) => boolean;

const FILL: ReadonlyMap<string, Fill> = new Map<string, Fill>([
  [
    "MESSAGE",
    (draft, value) => {
      draft.body = value;
      return true;
    },
  ],
  [
    "PRIORITY",
    (draft, value) => {
      if (!/^[0-7]$/.test(value)) return false;
      setSyslogSeverity(draft, Number(value));
      return true;
    },
  ],
  [
    "_HOSTNAME",
    (draft, value) => {
      draft.host = value;
      return true;
    },
  ],
  [
    "SYSLOG_IDENTIFIER",
    (draft, value) => {
      draft.service = value;
      return true;
    },
  ],
  [
    "SYSLOG_FACILITY",
    (draft, value) => {
      if (!/^\d{1,3}$/.test(value)) return false;
      draft.attributes.push("syslog.facility", facilityName(Number(value)));
      return true;
    },
  ],
  [
    "LOGGER",
    (draft, value) => {
      draft.logger = value;
      return true;
    },
  ],
  [
    "TRACE_ID",
    (draft, value) => {
      draft.traceId = traceIdOf(value) ?? "";
      return draft.traceId !== "";
    },
  ],
  [
    "SPAN_ID",
    (draft, value) => {
      draft.spanId = spanIdOf(value) ?? "";
      return draft.spanId !== "";
    },
  ],
  ["EXCEPTION_TEXT", setException],
]);

/**
 * The record of a journal's entry.
 *
 * @param now nanoseconds since 1970, for entries without a time
 */
export function recordOfEntry(
  { fields, droppedBytes }: JournalEntry,
  builder: RecordBuilder,
  now: bigint,
): LogRecord {
  const draft = newDraft();
  const { attributes } = draft;
  const values = new Map<string, string>();
  /** The values of fields that stand in the entry more than once. */
  const repeated = new Map<string, string[]>();
  for (const [name, bytes] of fields) {
    const value = bytes.toString("utf8");
    const before = values.get(name);
    const all = repeated.get(name);
    if (before === undefined) values.set(name, value);
    else if (all === undefined) repeated.set(name, [before, value]);
    else all.push(value);
    if (!isUtf8(bytes)) addFlat(attributes, `${name}.base64`, bytes.toString("base64"));
  }
  setTime(draft, values);
  for (const [name, value] of values) {
    const all = repeated.get(name);
    if (all === undefined && FILL.get(name)?.(draft, value) === true) continue;
    addFlat(attributes, NAMES.get(name) ?? name, all ?? value);
  }
  draft.service ||= (values.get("_SYSTEMD_UNIT") ?? values.get("_COMM") ?? "").replace(/\.service$/, "");
  if (droppedBytes > 0) attributes.push("polylog.truncated_bytes", String(droppedBytes));
  return builder.build(draft, now, now);
}

/** The time at which the program wrote is surer than the one at which the journal read. */
function setTime(draft: Draft, values: Map<string, string>): void {
  for (const name of ["_SOURCE_REALTIME_TIMESTAMP", "__REALTIME_TIMESTAMP"]) {
    const text = values.get(name);
    if (text === undefined || !/^\d{1,16}$/.test(text)) continue;
    draft.timestamp = BigInt(text) * MICROSECOND;
    values.delete(name);
    return;
  }
}

/** Python's handler writes the traceback. */
function setException(draft: Draft, stack: string): boolean {
  const head = exceptionOfStack(stack);
  if (head === undefined) return false;
  draft.attributes.push("exception.type", head.type, "exception.message", head.message);
  draft.attributes.push("exception.stacktrace", stack);
  return true;
}
