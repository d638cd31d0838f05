import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { recordsIn, runProgram } from "./testing/run-program.ts";

const README = readFileSync(new URL("README.md", import.meta.url), "utf8");

/** Each program of the README and what it prints. */
const programs = [...README.matchAll(/```js\n(.*?)```\s+```text\n(.*?)```/gs)].map(([, program, output]) => {
  const [entry = "pino as a transport"] =
    /polylog\/\w+/.exec(program!.replace('"polylog/pino", options', "")) ?? [];
  return { entry, program: program!, output: output! };
});

test("every program of the README is followed by what it prints", () => {
  expect(programs).toHaveLength(README.match(/```js\n/g)!.length);
  expect(programs.length).toBeGreaterThan(9);
});

test.each(programs)("the README's program of $entry prints what it says", async ({ program, output }) => {
  const { records, stderr, code } = await runProgram(program);
  expect(records, stderr).toEqual(recordsIn(output));
  expect(code).toBe(program.includes("reject") ? 1 : 0);
});
