import { isError, messageOf } from "../format/error.ts";

/** What a call said. */
export interface CallParts {
  message: string;
  /** `undefined` when nothing was thrown. */
  error: unknown;
  fields: object | undefined;
}

/**
 * Hot path. Sorts the arguments of a log call: message, then an error, then fields; or an error first. Types refuse other
 * calls, but untyped code makes them, and what it says is kept: `(fields, message)` as pino has it, a thrown text.
 *
 * @param parts filled in
 */
export function readArguments(parts: CallParts, first: unknown, second: unknown, third: unknown): void {
  parts.error = undefined;
  parts.fields = undefined;
  if (typeof first === "string") {
    parts.message = first;
    readRest(parts, second, third);
  } else {
    readUnusual(parts, first, second);
  }
}

function readRest(parts: CallParts, second: unknown, third: unknown): void {
  if (typeof third === "object" && third !== null) {
    parts.fields = third;
    if (second !== null) parts.error = second;
  } else if (typeof second === "object" && !isError(second)) {
    if (second !== null) parts.fields = second;
  } else {
    parts.error = second;
  }
}

function readUnusual(parts: CallParts, first: unknown, second: unknown): void {
  if (isError(first)) {
    parts.error = first;
    parts.message = messageOf(first);
    if (typeof second === "object" && second !== null) parts.fields = second;
    else if (typeof second === "string") parts.message = second;
  } else if (typeof first === "object" && first !== null) {
    parts.fields = first;
    parts.message = typeof second === "string" ? second : "";
  } else {
    parts.message = String(first);
    if (typeof second === "object" && second !== null) parts.fields = second;
  }
}
