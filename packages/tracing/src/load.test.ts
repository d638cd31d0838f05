import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { loadIfPresent } from "./load.ts";

const folder = mkdtempSync(join(tmpdir(), "polylog-load-"));

beforeAll(() => {
  for (const [name, code] of [
    ["only-the-application-has-it", "exports.here = true;"],
    ["is-broken", 'require("what-nobody-has");'],
  ] as const) {
    const where = join(folder, "node_modules", name);
    mkdirSync(where, { recursive: true });
    writeFileSync(join(where, "index.js"), code);
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

it("a package that only the application has is found from its folder", () => {
  expect(loadIfPresent("only-the-application-has-it")).toBeUndefined();
  expect(loadIfPresent("only-the-application-has-it", ["/", folder])).toEqual({ here: true });
});

it("a package that nobody has is none, and a broken one an error", () => {
  expect(loadIfPresent("what-nobody-has", [folder])).toBeUndefined();
  expect(() => loadIfPresent("is-broken", [folder])).toThrow("what-nobody-has");
});
