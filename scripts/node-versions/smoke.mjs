import assert from "node:assert/strict";
import { openSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";

/**
 * Uses the built SDK as a program does, on whatever Node.js runs this: each entry loads both ways, both log to the same
 * sinks, and a burst is there after the end it is told. `node smoke.mjs FILE ENDING`
 */
const [, , file, ending] = process.argv;
const require = createRequire(import.meta.url);
const { exports: entries } = require("polylog/package.json");

for (const [path, { import: imported, require: required }] of Object.entries(entries)) {
  // package.json is no module, and one entry is for a test runner that loads modules only.
  if (required === undefined || imported === undefined) continue;
  const name = `polylog${path.slice(1)}`;
  const names = Object.keys(await import(name)).filter(
    (key) => key !== "__esModule" && key !== "module.exports",
  );
  assert.deepEqual(Object.keys(require(name)).sort(), names.sort(), name);
}

const { configure, getLogger, streamSink, withContext } = await import("polylog");
const twin = require("polylog");
configure({
  format: "json",
  sinks: { file: streamSink(openSync(file, "a")) },
  globalMetadata: { smoke: true },
});
withContext({ invocation: "run-1" }, () =>
  getLogger("smoke").info("from the module", { node: process.version }),
);
twin.getLogger("smoke").error("from its twin", new TypeError("card declined"));
await twin.flush();
const [first, second] = readFileSync(file, "utf8")
  .trim()
  .split("\n")
  .map((line) => JSON.parse(line));
assert.equal(first.message, "from the module");
assert.equal(first.invocation_id, "run-1");
assert.equal(first.metadata.node, process.version);
assert.equal(second.exception.name, "TypeError");

for (let i = 0; i < 1_000; i++) getLogger("smoke.burst").info("burst", { i });
if (ending === "exit") process.exit(7);
process.kill(process.pid, ending);
setInterval(() => {}, 1_000);
