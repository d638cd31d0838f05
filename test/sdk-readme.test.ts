import { spawnSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { readEnvironment } from "../packages/sdk/src/config/environment.ts";
import { ROOT } from "./server-process.ts";

/** The SDK's README: its programs are run with the built package, and print what stands below them. */
const SDK = join(ROOT, "packages", "sdk");
const README = readFileSync(join(SDK, "README.md"), "utf8");
const PROGRAMS = [...README.matchAll(/^```js\n([\s\S]*?)^```\n(?:\n```text\n([\s\S]*?)^```)?/gm)].map(
  ([, program = "", output = ""]) => ({ program, output }),
);

// Inside the checkout, where `polylog` is found by its name.
mkdirSync(join(ROOT, ".cache"), { recursive: true });
const folder = mkdtempSync(join(ROOT, ".cache", "sdk-readme-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it.each(PROGRAMS)("prints $output", ({ program, output }) => {
  const file = join(folder, "program.mjs");
  writeFileSync(file, program);
  const environment = Object.entries(process.env).filter(([name]) => !/^POLYLOG_|^FORCE_COLOR$/.test(name));
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    encoding: "utf8",
    env: { ...Object.fromEntries(environment), NO_COLOR: "1" },
  });
  expect(status, stderr).toBe(0);
  expect(comparable(stdout + stderr)).toBe(output);
});

/** Times as the README has them, and no frames of stacks. */
function comparable(text: string): string {
  return text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "2026-01-01T12:00:00.000Z")
    .replace(/^\d\d:\d\d:\d\d\.\d{3}/gm, "12:00:00.000")
    .replace(/durationMs=[\d.]+/g, "durationMs=0.02")
    .replace(/^ +at .*\n/gm, "");
}

it("lists every variable that is read, and no other", () => {
  const read = new Set<string>();
  const variables = new Proxy<Record<string, undefined>>(
    {},
    { get: (_, name) => void read.add(String(name)) },
  );
  readEnvironment(variables, { tell: () => {} });
  const listed = README.matchAll(/^\|[^|]*\| `(POLYLOG_\w+)` \|/gm);
  expect(Array.from(listed, (row) => row[1]).sort()).toEqual([...read].sort());
});

it("names every entry of the package", () => {
  const { exports: entries } = JSON.parse(readFileSync(join(SDK, "package.json"), "utf8"));
  const names = Object.keys(entries).filter((entry) => entry !== "." && entry !== "./package.json");
  expect(names.filter((entry) => !README.includes(`polylog${entry.slice(1)}`))).toEqual([]);
});

it("links only to files that are there", () => {
  const links = Array.from(
    README.matchAll(/\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g),
    (match) => match[1] ?? "",
  );
  expect(links.filter((link) => !existsSync(join(SDK, link)))).toEqual([]);
});
