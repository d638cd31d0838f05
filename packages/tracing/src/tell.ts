import { writeSync } from "node:fs";
import type { ErrorCode } from "./errors.ts";

/** Tells a person of what is wrong with the tracing; it never takes the application down. */
export type Tell = (code: ErrorCode, message: string) => void;

/** Writes one line to standard error. Never throws. */
export const tellPeople: Tell = (code, message) => {
  try {
    // Not process.stderr: when nobody reads it any more, that raises an error that nobody can catch.
    writeSync(2, `polylog: ${message} [${code}]\n`);
  } catch {
    // There is nobody left to tell.
  }
};
