import type { ImportedFile } from "../files/import.ts";
import { duration, thousands } from "./progress.ts";
import { printableLine } from "./terminal-text.ts";

/** What became of one file, on one line. */
export function fileLine(outcome: ImportedFile): string {
  const { file, records, format, share, withTime, droppedBytes } = outcome;
  const facts = [`${printableLine(nameOf(file))}: ${counted(records, "record")}`];
  const isMixed = share > 0 && share < 1;
  if (records > 0) facts.push(isMixed ? `${format} (${Math.floor(share * 100)} % of the lines)` : format);
  const withoutTime = records - withTime;
  // Their time is a guess, which somebody who looks for them by time should know.
  if (withoutTime > 0) facts.push(`${thousands(withoutTime)} without a time of their own`);
  if (droppedBytes > 0) facts.push(`${thousands(droppedBytes)} bytes of overlong lines left out`);
  return facts.join(", ");
}

export interface ImportTotals {
  readonly records: number;
  readonly files: number;
  readonly failed: number;
  /** Milliseconds. */
  readonly elapsed: number;
}

/** What became of all files, on one line. */
export function totalsLine({ records, files, failed, elapsed }: ImportTotals): string {
  const rate = elapsed > 0 ? Math.round((records / elapsed) * 1000) : 0;
  const failures = failed > 0 ? ` ${counted(failed, "file")} could not be imported.` : "";
  return `${counted(records, "record")} from ${counted(files, "file")} in ${duration(elapsed)} (${thousands(rate)}/s).${failures}`;
}

/** What the progress line says is being read. */
export function labelOf(file: string, position: number, count: number): string {
  const name = printableLine(nameOf(file));
  return count > 1 ? `${position}/${count} ${name}` : name;
}

function nameOf(file: string): string {
  return file === "-" ? "standard input" : file;
}

function counted(count: number, noun: string): string {
  return `${thousands(count)} ${noun}${count === 1 ? "" : "s"}`;
}
