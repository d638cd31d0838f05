import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Target } from "./target.ts";

/** More would only say the same again. */
const MAX_INPUTS = 250;

/**
 * The inputs that are kept of a target, each of which once reached code that none before it did, or broke something.
 * One a line, in base64.
 */
function fileOf(directory: string, name: string): string {
  return join(directory, `${name}.corpus`);
}

/** What a target is fuzzed from: its seeds and what is kept. */
export function readCorpus(directory: string, { name, seeds }: Target): Buffer[] {
  const file = fileOf(directory, name);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  const kept = lines.filter((line) => line !== "").map((line) => Buffer.from(line, "base64"));
  return [...seeds.map((seed) => Buffer.from(seed as Buffer)), ...kept];
}

/** Adds inputs to those that are kept. */
export function keepInputs(directory: string, name: string, inputs: readonly Buffer[]): void {
  const file = fileOf(directory, name);
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n").filter(Boolean) : [];
  const all = new Set([...lines, ...inputs.map((input) => input.toString("base64"))]);
  if (all.size > 0) writeFileSync(file, `${[...all].slice(0, MAX_INPUTS).join("\n")}\n`);
}
