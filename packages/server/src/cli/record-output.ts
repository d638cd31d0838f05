import { type Command, Option } from "commander";
import type { LogRow } from "../contract/rows.ts";
import type { Terminal } from "./terminal.ts";
import { cut, printableLine } from "./terminal-text.ts";
import { fieldValue, type LineStyle, localZone, timeOf, unifiedLine, utc } from "./unified-line.ts";

export interface OutputFlags {
  readonly json?: boolean;
  readonly text?: boolean;
  readonly fields?: readonly string[];
  readonly columns?: readonly string[];
  readonly utc?: boolean;
}

const names = (text: string): string[] =>
  text
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");

/** Adds the flags that say how records are printed. */
export function addOutputFlags(command: Command): Command {
  return command
    .addOption(
      new Option("--json", "one JSON object a line: what a program gets by itself").conflicts([
        "fields",
        "columns",
      ]),
    )
    .addOption(
      new Option("--text", "lines of text: what a terminal gets by itself").conflicts(["json", "columns"]),
    )
    .addOption(
      new Option(
        "--fields <NAMES>",
        "only these fields after the message, comma-separated; none for none",
      ).argParser((text) => (text === "none" ? [] : names(text))),
    )
    .addOption(
      new Option("--columns <NAMES>", "these fields instead of the line, such as time,level,message")
        .argParser(names)
        .conflicts("fields"),
    )
    .option("--utc", "times in UTC; on a terminal they are local otherwise")
    .option("--no-color", "no colours; NO_COLOR and FORCE_COLOR are heeded, too");
}

/** Whether times are meant and shown in UTC: a program that reads them can't know where we are. */
export function isUtc(flags: OutputFlags, terminal: Terminal): boolean {
  return flags.utc === true || terminal.width() === undefined;
}

/** Whether records are printed as JSON: asked for, or by default wherever no person reads along. */
function isJson({ json, text, fields, columns }: OutputFlags, terminal: Terminal): boolean {
  if (json) return true;
  return !text && !fields && !columns && terminal.width() === undefined;
}

/** What writes a record as the flags ask. */
export function recordFormatter(flags: OutputFlags, terminal: Terminal): (row: LogRow) => string {
  if (isJson(flags, terminal)) return jsonLine;
  const zone = isUtc(flags, terminal) ? utc : localZone;
  const { columns } = flags;
  if (columns) return (row) => columns.map((name) => cell(row, name, zone)).join("\t");
  return (row) => {
    const width = flags.fields ? undefined : terminal.width();
    const style: LineStyle = { colours: terminal.colours, zone, fields: flags.fields ?? "all" };
    return unifiedLine(row, width === undefined ? style : { ...style, width });
  };
}

/** Columns are made no wider than this, save the last. */
const MAX_COLUMN = 40;

/** Rows as an aligned table with a head, for a terminal. */
export function tableLines(
  rows: readonly LogRow[],
  columns: readonly string[],
  terminal: Terminal,
  zone: LineStyle["zone"],
): string[] {
  const cells = rows.map((row) => columns.map((name) => cell(row, name, zone)));
  const widths = columns.map((name, index) =>
    Math.min(
      MAX_COLUMN,
      cells.reduce((most, row) => Math.max(most, row[index]?.length ?? 0), name.length),
    ),
  );
  const line = (texts: readonly string[]): string =>
    texts
      .map((text, index) => {
        const width = widths[index] ?? 0;
        if (index === texts.length - 1) return text;
        return cut(text, width).padEnd(width);
      })
      .join("  ");
  return [terminal.colours.bold(line(columns)), ...cells.map(line)];
}

function cell(row: LogRow, name: string, zone: LineStyle["zone"]): string {
  if (name === "time" || name === "timestamp") return timeOf(row.timestamp, zone);
  return printableLine(fieldValue(row, name));
}

/** What JSON leaves as it is and a terminal doesn't: C1 controls and marks that reorder text. */
const UNSAFE_IN_JSON = /[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** A record as one line of JSON that is safe to look at. */
function jsonLine(row: LogRow): string {
  return JSON.stringify(row).replace(
    UNSAFE_IN_JSON,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}
