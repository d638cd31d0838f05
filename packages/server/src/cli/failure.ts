import { PolylogError } from "../errors.ts";
import type { Colours } from "./colours.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { printable } from "./terminal-text.ts";

const USAGE: ReadonlySet<string> = new Set([
  "POLYLOG_E_CONFIG",
  "POLYLOG_E_QUERY_SYNTAX",
  "POLYLOG_E_QUERY_LIMIT",
  "POLYLOG_E_BAD_REQUEST",
  "POLYLOG_E_UNAUTHORIZED",
  "POLYLOG_E_FORBIDDEN",
  "POLYLOG_E_PORT_IN_USE",
  "POLYLOG_E_SCHEMA",
]);
/** Only `serve` and `restore` meet these: a directory, a platform or a login that somebody has to mend first. */
const ENGINE = "POLYLOG_E_ENGINE_";

/** An error that is made for people, of this package or of the engine's. */
interface ToldError extends Error {
  readonly code: string;
  readonly remedy?: string | undefined;
}

function isTold(error: unknown): error is ToldError {
  return (
    error instanceof Error &&
    "code" in error &&
    typeof error.code === "string" &&
    error.code.startsWith("POLYLOG_E_")
  );
}

/** The exit code that an error ends a command with. */
export function exitCodeOf(error: unknown): ExitCode {
  if (isInterruption(error)) return EXIT.interrupted;
  if (!isTold(error)) return EXIT.fault;
  return USAGE.has(error.code) || error.code.startsWith(ENGINE) ? EXIT.usage : EXIT.away;
}

/** Whether the error says no more than that Ctrl-C was pressed. */
export function isInterruption(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/**
 * What a person reads of an error: what is wrong, where, and what to do.
 *
 * @param query the text that the error's position points into
 */
export function failureText(error: unknown, colours: Colours, query?: string): string {
  const { bold, dim, error: red } = colours;
  if (!isTold(error)) {
    const stack = error instanceof Error ? (error.stack ?? error.message) : String(error);
    return `${red("polylog:")} this is a fault of Polylog itself.\n${dim(printable(stack))}`;
  }
  const lines = [`${red("polylog:")} ${bold(sentence(printable(error.message)))}`];
  const { position, expected } = error instanceof PolylogError ? error : {};
  if (query !== undefined && position) {
    const { text, marks } = pointAt(query, position);
    lines.push(`  ${text}`, `  ${red(marks)}`);
  }
  // A remedy mostly says already what was expected.
  if (error.remedy) lines.push(printable(error.remedy));
  else if (expected?.length) lines.push(`Expected ${printable(expected.join(", "))}.`);
  return lines.join("\n");
}

function sentence(text: string): string {
  return /[.!?:)]$/.test(text) ? text : `${text}.`;
}

/** Characters of a long query that are shown around the place. */
const AROUND = 60;

/** The query on one line, and carets under the place; of a long query, what is around it. */
export function pointAt(
  query: string,
  { start, end }: { readonly start: number; readonly end: number },
): { readonly text: string; readonly marks: string } {
  const from = Math.max(0, Math.min(start, query.length) - AROUND);
  const to = Math.min(query.length, Math.max(start, from) + AROUND);
  const lead = from > 0 ? "…" : "";
  const shown = (a: number, b: number): string => oneCellEach(query.slice(a, b));
  const width = Math.max(1, Array.from(shown(start, Math.min(end, to))).length);
  return {
    text: lead + shown(from, to) + (to < query.length ? "…" : ""),
    marks: " ".repeat(lead.length + Array.from(shown(from, start)).length) + "^".repeat(width),
  };
}

/** Every character as one that fills a cell, so that carets stand under what they mean. */
function oneCellEach(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, " ");
}
