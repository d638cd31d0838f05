import { stat } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, expect, test } from "vitest";
import { createEngines } from "../testing/engines.ts";
import { makeDirectory } from "./make-directory.ts";

const engines = createEngines();
afterEach(engines.close);

test("what is missing above it is made as well, for this user alone", async () => {
  const base = await engines.directory();
  await makeDirectory(join(base, "a", "b", "c"));
  for (const path of ["a", "a/b", "a/b/c"]) expect((await stat(join(base, path))).mode & 0o7777).toBe(0o700);
});

test("many may make the same one at once, and again", async () => {
  const path = join(await engines.directory(), "a", "b");
  await Promise.all(Array.from({ length: 10 }, () => makeDirectory(path)));
  await makeDirectory(path);
  expect((await stat(path)).isDirectory()).toBe(true);
});

test.runIf(process.platform === "linux").each(["/proc/nope", "/proc/nope/engine", "/proc/self/nope/a/b"])(
  "%s, where no directory can be made, is refused at once",
  async (path) => {
    await expect(makeDirectory(path)).rejects.toMatchObject({ code: expect.stringMatching(/^E/) });
  },
);
