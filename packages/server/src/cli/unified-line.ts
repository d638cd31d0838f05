import type { LogRow, RowLevel } from "../contract/rows.ts";
import type { Colours } from "./colours.ts";
import { cut, printable, printableLine } from "./terminal-text.ts";

/** How records are written for people. */
export interface LineStyle {
  readonly colours: Colours;
  /** Minutes that a place's clock is ahead of UTC at a time; `utc` is 0 for ever. */
  readonly zone: (milliseconds: number) => number;
  /** Columns that the fields may fill; without it they are written whole. */
  readonly width?: number;
  /** Attributes to write after the message: all, or these. */
  readonly fields: "all" | readonly string[];
}

export const utc = (): number => 0;
export const localZone = (milliseconds: number): number => -new Date(milliseconds).getTimezoneOffset();

const WORD_OF_LEVEL = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO ",
  warn: "WARN ",
  error: "ERROR",
  fatal: "FATAL",
  unset: "-    ",
} as const satisfies Record<RowLevel, string>;

/** Attributes that the bracket shows. */
const CONTEXT_KEYS = ["runner_class", "runner_id", "worker_id", "invocation_id", "task_id"] as const;
const STACK_KEY = "exception.stacktrace";
/** Attributes that are shown elsewhere in the line, or say what a stack trace says again. */
const SHOWN_ELSEWHERE: ReadonlySet<string> = new Set([...CONTEXT_KEYS, STACK_KEY]);
const SAID_BY_STACK: ReadonlySet<string> = new Set(["exception.type", "exception.message"]);

/** A field that is longer than this is cut when the line has to fit a width. */
const MAX_VALUE = 60;
const INDENT = "    ";

/**
 * A record as the unified line: `{ts} {LEVEL:<5} [N|R|P] {app_id} [{context}] {logger} {message}`, then its fields
 * as key=value. What is empty is left out. The further lines of a message and a stack trace follow, indented.
 * Everything that comes from the record is safe to print.
 *
 * @example
 * unifiedLine(row, { colours: colours(false), zone: utc, fields: [] });
 * // "2026-03-27T10:23:45.123Z INFO  [R] my_app rustvello::runner Invocation completed"
 */
export function unifiedLine(row: LogRow, style: LineStyle): string {
  const { dim, level } = style.colours;
  const [message = "", ...more] = printable(row.body || row.eventName)
    .trimEnd()
    .split("\n");
  const context = contextOf(row);
  const parts = [
    { text: timeOf(row.timestamp, style.zone), paint: dim },
    { text: WORD_OF_LEVEL[row.level], paint: level[row.level] },
    { text: runtimeTag(row.runtime), paint: dim },
    { text: printableLine(row.service), paint: dim },
    { text: context && `[${context}]`, paint: dim },
    { text: printableLine(row.logger), paint: dim },
    { text: message, paint: asIs },
  ].filter(({ text }) => text !== "");
  const head = parts.map(({ text, paint }) => paint(text)).join(" ");
  const used = parts.reduce((sum, { text }) => sum + text.length + 1, 0);

  const stack = printable(row.attributes[STACK_KEY] ?? "").trimEnd();
  const fields = fieldsOf(row, style, stack !== "");
  const shown = style.width === undefined ? fields : fitting(fields, style.width, used);
  const tail = shown.length === 0 ? "" : ` ${dim(shown.join(" "))}`;

  const below = stack === "" ? more : [...more, ...stack.split("\n")];
  return [head + tail, ...below.map((line) => dim(INDENT + line))].join("\n");
}

const asIs = (text: string): string => text;

/**
 * An RFC 3339 time in another zone, to the millisecond, with its offset.
 *
 * @example
 * timeOf("2026-03-27T10:23:45.123456789Z", () => 60); // "2026-03-27T11:23:45.123+01:00"
 */
export function timeOf(timestamp: string, zone: LineStyle["zone"]): string {
  const milliseconds = Date.parse(timestamp);
  if (Number.isNaN(milliseconds)) return printableLine(timestamp);
  const offset = zone(milliseconds);
  const text = new Date(milliseconds + offset * 60_000).toISOString();
  if (offset === 0) return text;
  const minutes = Math.abs(offset);
  const hours = String(Math.floor(minutes / 60)).padStart(2, "0");
  return `${text.slice(0, -1)}${offset < 0 ? "-" : "+"}${hours}:${String(minutes % 60).padStart(2, "0")}`;
}

/** `[N]`, `[R]`, `[P]`: the first letter of the runtime of origin. */
export function runtimeTag(runtime: string): string {
  const first = runtime.charAt(0).toUpperCase();
  return /^[A-Z]$/.test(first) ? `[${first}]` : "";
}

/** `CLS(runner).W(worker)invocation:task`, ids of runner and worker cut to eight characters. */
function contextOf({ attributes }: LogRow): string {
  const [runnerClass, runner, worker, invocation, task] = CONTEXT_KEYS.map((key) =>
    printableLine(attributes[key] ?? ""),
  );
  return [
    runnerClass && capitals(runnerClass),
    runner && `(${runner.slice(0, 8)})`,
    worker && `.W(${worker.slice(0, 8)})`,
    invocation,
    task && `:${task}`,
  ]
    .filter(Boolean)
    .join("");
}

/** PersistentTokioRunner is PTR. */
function capitals(name: string): string {
  return name.replace(/[^A-Z]/g, "") || name;
}

function fieldsOf(row: LogRow, style: LineStyle, hasStack: boolean): string[] {
  const short = style.width !== undefined;
  if (style.fields !== "all") {
    return style.fields.flatMap((name) => {
      const value = fieldValue(row, name);
      return value === "" ? [] : [pair(name, value, short)];
    });
  }
  const fields: string[] = [];
  for (const [name, value] of Object.entries(row.attributes)) {
    if (SHOWN_ELSEWHERE.has(name) || (hasStack && SAID_BY_STACK.has(name))) continue;
    fields.push(pair(name, value, short));
  }
  if (row.traceId !== "") fields.push(pair("trace", row.traceId, false));
  return fields;
}

/** The columns of a record by the names that the query language has for them. */
const COLUMNS: ReadonlyMap<string, keyof LogRow & string> = new Map([
  ["time", "timestamp"],
  ["timestamp", "timestamp"],
  ["level", "level"],
  ["service", "service"],
  ["logger", "logger"],
  ["message", "body"],
  ["trace", "traceId"],
  ["span", "spanId"],
  ["host", "host"],
  ["runtime", "runtime"],
  ["receiver", "receiver"],
  ["event", "eventName"],
  ["id", "id"],
]);

/** The value of a field by its name in the query language; the empty text when the record has none. */
export function fieldValue(row: LogRow, name: string): string {
  const column = COLUMNS.get(name);
  if (column !== undefined) return String(row[column]);
  for (const attributes of [row.attributes, row.resource, row.scope]) {
    if (Object.hasOwn(attributes, name)) return attributes[name] ?? "";
  }
  return "";
}

function pair(name: string, value: string, short: boolean): string {
  const text = printableLine(value);
  const shown = short ? cut(text, MAX_VALUE) : text;
  return `${printableLine(name)}=${/^[^\s"=]+$/.test(shown) ? shown : `"${shown.replaceAll('"', '\\"')}"`}`;
}

/** The fields that fit on what is left of the message's last row, and how many don't. */
function fitting(fields: readonly string[], width: number, used: number): string[] {
  // A message that is itself broken over rows leaves the rest of its last one.
  const room = width - (used % width);
  const shown: string[] = [];
  let filled = 0;
  for (const [index, field] of fields.entries()) {
    const isLast = index === fields.length - 1;
    const counter = isLast ? 0 : ` +${fields.length - index - 1}`.length;
    if (filled + field.length + 1 + counter > room) break;
    shown.push(field);
    filled += field.length + 1;
  }
  const hidden = fields.length - shown.length;
  return hidden === 0 ? shown : [...shown, `+${hidden}`];
}
