import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, watch, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { watchTextFile } from "./watch-file.ts";

/** Limit, and pause between looks, in milliseconds. */
const SOON = { timeout: 10_000, interval: 10 };
/** Milliseconds; longer than any test. */
const NEVER = 1_000_000;

let directory: string;
let stop: (() => void) | undefined;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), "polylog-watch-"));
});
afterEach(() => {
  stop?.();
  rmSync(directory, { recursive: true });
});

function watched(name: string, interval?: number) {
  const texts: string[] = [];
  const errors: unknown[] = [];
  stop = watchTextFile(
    join(directory, name),
    (text) => texts.push(text),
    (error) => errors.push(error),
    interval,
  );
  return { texts, errors };
}

describe("a file that is watched", () => {
  it("is read when it is replaced, and not when others in its directory change", async () => {
    const { texts, errors } = watched("levels", NEVER);
    // Each look at a file that isn't there fails: they can be counted.
    await expect.poll(() => errors.length, SOON).toBe(2);
    const others = watch(directory);
    let seen = 0;
    others.on("change", () => seen++);
    for (let i = 0; i < 200; i++) writeFileSync(join(directory, `other ${i}`), "");
    await expect.poll(() => seen, SOON).toBeGreaterThan(100);
    others.close();
    writeFileSync(join(directory, "new"), "debug");
    renameSync(join(directory, "new"), join(directory, "levels"));
    await expect.poll(() => texts, SOON).toEqual(["debug"]);
    expect(errors).toHaveLength(2);
  });

  it("is read when the directory is swapped that its link leads through", async () => {
    for (const version of ["info", "debug"]) {
      mkdirSync(join(directory, version));
      writeFileSync(join(directory, version, "levels"), version);
    }
    symlinkSync("info", join(directory, "..data"));
    symlinkSync(join("..data", "levels"), join(directory, "levels"));
    const { texts } = watched("levels", NEVER);
    await expect.poll(() => texts, SOON).toEqual(["info"]);
    symlinkSync("debug", join(directory, "..data_tmp"));
    renameSync(join(directory, "..data_tmp"), join(directory, "..data"));
    await expect.poll(() => texts, SOON).toEqual(["info", "debug"]);
  });

  it("is read before the call returns", () => {
    writeFileSync(join(directory, "levels"), "debug");
    expect(watched("levels", NEVER).texts).toEqual(["debug"]);
  });

  it("is found by the interval when its directory wasn't there", async () => {
    const { texts, errors } = watched(join("later", "levels"), 20);
    await expect.poll(() => errors.length, SOON).toBe(2);
    mkdirSync(join(directory, "later"));
    writeFileSync(join(directory, "later", "levels"), "debug");
    await expect.poll(() => texts.at(-1), SOON).toBe("debug");
  });
});
