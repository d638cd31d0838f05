import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

it("assertLogged passes and fails tests of node:test, and says what was logged instead", () => {
  const file = fileURLToPath(new URL("testdata/node-test.mjs", import.meta.url));
  // Node's runner would take its own environment for that of a test within a test.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { status, stdout } = spawnSync(process.execPath, ["--test", "--test-reporter=tap", file], {
    encoding: "utf8",
    env,
  });
  const results = stdout.match(/^(?:not )?ok \d+ - what .*/gm);
  expect(results, stdout).toEqual([
    "ok 1 - what was logged",
    "not ok 2 - what was not",
    "not ok 3 - what should not have been",
  ]);
  expect(status).toBe(1);
  expect(stdout).toContain("ERR_ASSERTION");
  expect(stdout).toMatch(/expected \\?"paid\\?", got \\?"card declined/);
});
