import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { prepare } from "./build.mjs";
import { fail, requireNode, root } from "./workspace.mjs";

/** `npm test [-- FILTER …]`: installs, builds, finds or installs a browser, then runs every test. */
requireNode();
await prepare({ scope: "development" });
// Imported only now: on a fresh clone playwright-core isn't there before the install.
const { ensureChromium } = await import("./chromium.mjs");
const browser = ensureChromium();
if (browser === undefined)
  fail("no Chromium found or installable; set POLYLOG_CHROMIUM to one for the page tests.");

const results = join(root, "test-results", "results.json");
// An old file must not speak for a run that died before it wrote its own.
rmSync(results, { force: true });
const vitest = join(root, "node_modules", "vitest", "vitest.mjs");
const { status } = spawnSync(
  process.execPath,
  [
    vitest,
    "run",
    "--reporter=default",
    "--reporter=json",
    `--outputFile.json=${results}`,
    ...process.argv.slice(2),
  ],
  { cwd: root, stdio: "inherit", env: { ...process.env, POLYLOG_CHROMIUM: browser } },
);
if (!existsSync(results))
  fail("the test runner ended without its results; its message is above.", status ?? 1);
const report = JSON.parse(readFileSync(results, "utf8"));
const skipped = report.numPendingTests + report.numTodoTests;
console.log(
  `${report.numPassedTests} passed, ${report.numFailedTests} failed${skipped ? `, ${skipped} skipped` : ""}`,
);
process.exit(status ?? 1);
