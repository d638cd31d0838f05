import { numberOf } from "./number-of.ts";

/** One call of a stack trace. */
export interface StackFrame {
  readonly function: string;
  readonly file: string;
  /** From 1; 0 when unknown, as is the column. */
  readonly line: number;
  readonly column: number;
  /** The line of source; empty when unknown. */
  readonly source: string;
}

/** One error of a chain. */
export interface ThrownError {
  readonly type: string;
  readonly message: string;
  /** The call that threw comes first. */
  readonly frames: readonly StackFrame[];
}

/** A line or a column as clients write it, be it as text; 0 for what can be none. */
export function positionOf(value: unknown): number {
  const number = numberOf(value);
  return Number.isInteger(number) && number > 0 ? number : 0;
}

/** Calls and errors that are written out: no stack that a person reads is longer. */
const MAX_FRAMES = 500;
const MAX_ERRORS = 50;

const PYTHON_CAUSE = "\n\nThe above exception was the direct cause of the following exception:\n\n";

/**
 * A stack trace as the runtime itself would have printed it, for protocols that send its parts.
 *
 * @param chain the error that was caught, then its cause, then the cause's
 * @example
 * stackText([{ type: "TypeError", message: "no", frames: [] }], "javascript"); // "TypeError: no"
 */
export function stackText(chain: readonly ThrownError[], platform: string): string {
  const errors = chain.slice(0, MAX_ERRORS);
  return platform === "python"
    ? errors.toReversed().map(pythonTrace).join(PYTHON_CAUSE)
    : errors.map(trace).join("\nCaused by: ");
}

function trace(error: ThrownError): string {
  const frames = error.frames.slice(0, MAX_FRAMES).map((frame) => {
    const place = placeOf(frame);
    return frame.function === "" ? `\n    at ${place}` : `\n    at ${frame.function} (${place})`;
  });
  return headOf(error) + frames.join("");
}

function placeOf({ file, line, column }: StackFrame): string {
  const place = file || "<unknown>";
  if (line === 0) return place;
  return column === 0 ? `${place}:${line}` : `${place}:${line}:${column}`;
}

/** Python prints the call that threw last. */
function pythonTrace(error: ThrownError): string {
  if (error.frames.length === 0) return headOf(error);
  const frames = error.frames.slice(0, MAX_FRAMES).toReversed();
  const lines = frames.map(({ file, line, function: name, source }) => {
    const head = `  File "${file}", line ${line}, in ${name || "<module>"}\n`;
    return source.trim() === "" ? head : `${head}    ${source.trim()}\n`;
  });
  return `Traceback (most recent call last):\n${lines.join("")}${headOf(error)}`;
}

function headOf({ type, message }: ThrownError): string {
  if (type === "") return message;
  return message === "" ? type : `${type}: ${message}`;
}
