import { builtin } from "../builtin.ts";
import { createProblems, type Problems } from "../problems.ts";

/** Where a sink tells of its troubles when it isn't given a place: standard error, or a browser's console. */
export function sinkProblems(given?: Problems): Problems {
  return given ?? createProblems(tellPeople);
}

/** Writes a line to standard error, or a browser's console. Never throws, now or later. */
export function tellPeople(line: string): void {
  const files = builtin("node:fs");
  if (files === undefined) {
    console.warn(line.trimEnd());
    return;
  }
  try {
    // Not process.stderr: when nobody reads it any more, that raises an error that nobody can catch.
    files.writeSync(2, line);
  } catch {
    // There is nobody left to tell.
  }
}
