import { createProblems, type Problems } from "../problems.ts";

/** Where a sink tells of its troubles when it isn't given a place: standard error, or a browser's console. */
export function sinkProblems(given?: Problems): Problems {
  return given ?? createProblems(tellPeople);
}

function tellPeople(line: string): void {
  const stderr = globalThis.process?.stderr;
  if (stderr === undefined) console.warn(line.trimEnd());
  else stderr.write(line);
}
