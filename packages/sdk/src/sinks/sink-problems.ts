import { createProblems, type Problems } from "../problems.ts";

/** Where a sink tells of its troubles when it isn't given a place: standard error, or a browser's console. */
export function sinkProblems(given?: Problems): Problems {
  return given ?? createProblems(tellPeople);
}

/** Writes a line to standard error, or a browser's console. Never throws, now or later. */
export function tellPeople(line: string): void {
  // Asked for, not imported: a bundle for browsers must not name it. Node has it from 20.16 and 22.3 on.
  const files = globalThis.process?.getBuiltinModule?.("node:fs");
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
