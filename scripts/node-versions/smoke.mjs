import assert from "node:assert/strict";
import { openSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Worker } from "node:worker_threads";

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

const { configure, getLogger, httpSink, streamSink, withContext } = await import("polylog");
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

sendsAtTheEnd(await startServerBeside());

for (let i = 0; i < 1_000; i++) getLogger("smoke.burst").info("burst", { i });
if (ending === "exit") process.exit(7);
process.kill(process.pid, ending);
setInterval(() => {}, 1_000);

/** In a thread of its own: it answers while this one is held up. */
function startServerBeside() {
  const requests = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(
    `const { parentPort, workerData } = require("node:worker_threads");
    const server = require("node:http").createServer((request, response) => {
      Atomics.add(workerData, 0, 1);
      request.resume().on("end", () => response.end("{}"));
    });
    server.listen(0, "127.0.0.1", () => parentPort.postMessage(server.address().port));`,
    { eval: true, workerData: requests },
  );
  worker.unref();
  return new Promise((resolve) => {
    worker.once("message", (port) => resolve({ endpoint: `http://127.0.0.1:${port}`, requests }));
  });
}

/** What can't wait for an answer any more is sent by another process. */
function sendsAtTheEnd({ endpoint, requests }) {
  const sink = httpSink({ apiKey: "k", endpoint, exitTimeout: 20_000 });
  sink.writeRecord({ time: 0, level: "error", logger: "smoke", message: "the end", system: "node" });
  sink.flushSync(true);
  assert.equal(sink.dropped, 0);
  assert.equal(Atomics.load(requests, 0), 1);
}
