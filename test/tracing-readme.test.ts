import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { INSTRUMENTATION_NAMES } from "../packages/tracing/src/instrumentation/list.ts";
import { ROOT } from "./server-process.ts";
import { endPrograms, runTraced } from "./tracing-program.ts";

/** The README of @polylog/tracing: its programs are run with the built package, and print what stands below them. */

const README = readFileSync(join(ROOT, "packages/tracing/README.md"), "utf8");
const PROGRAMS = [...README.matchAll(/```js\n([\s\S]*?)```\n\n```text\n([\s\S]*?)```/g)];

afterEach(endPrograms);

it("has programs", () => {
  expect(PROGRAMS.length).toBeGreaterThan(1);
});

it.each(PROGRAMS.map(([, code = "", output = ""]) => [code.split("\n")[0] ?? "", code, output]))(
  "what begins with %s prints what stands below it",
  async (_first, code, output) => {
    const program = runTraced(code, {});
    expect(await program.ended, program.output()).toEqual({ code: 0, signal: null });
    expect(program.output()).toBe(output);
  },
);

it("lists every instrumentation by its name, and no other", () => {
  const row = /^\| `OTEL_NODE_ENABLED_INSTRUMENTATIONS` .*$/m.exec(README)?.[0] ?? "";
  const names = [...row.matchAll(/`(\w+)`/g)].map((match) => match[1]).slice(1);
  expect(names).toEqual([...INSTRUMENTATION_NAMES]);
});
