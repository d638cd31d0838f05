import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startEmbeddedEngine } from "@polylog/engine";
import { createBatcher } from "../../packages/server/dist/batcher/batcher.js";
import { resourceOf, scopeOf } from "../../packages/server/dist/record/resource.js";
import { encodeSliced } from "../../packages/server/dist/store/encode/encoder.js";
import { createLogEncoder } from "../../packages/server/dist/store/encode/logs.js";
import { openStore } from "../../packages/server/dist/store/store.js";
import { generate } from "../dataset.mjs";
import { median } from "../report.mjs";

const BATCH = 10_000;
const BATCHES = 10;
const HOUR = 3_600_000_000_000n;

/** How fast records become blocks, and how fast batches of 10,000 are committed; the time of a lone record. */
export async function run({ isQuick, report }) {
  const rounds = isQuick ? 3 : 10;
  const batches = records();
  await encodeAlone(batches, rounds, report);

  const directory = await mkdtemp(join(tmpdir(), "polylog-bench-"));
  const engine = startEmbeddedEngine({ directory });
  try {
    const log = { debug() {}, info() {}, warn: console.error, error: console.error };
    await openStore(engine, { retentionDays: 0, log });
    const batcher = createBatcher({ client: engine.client, log, limits: { maxBytes: 256 << 20 } });
    await commitBatches(batcher, batches, rounds, report);
    await commitOne(batcher, batches[0].slice(0, 1), isQuick ? 10 : 50, report);
    await batcher.stop();
  } finally {
    await engine.stop();
    await rm(directory, { recursive: true, force: true });
  }
}

function records() {
  const to = BigInt(Date.now()) * 1_000_000n;
  const data = generate({ count: BATCH * BATCHES, from: to - HOUR, to, batch: BATCH, resourceOf, scopeOf });
  return Array.from(data, ({ logs }) => logs).filter((logs) => logs.length > 0);
}

async function encodeAlone(batches, rounds, report) {
  const encoder = createLogEncoder();
  const rates = [];
  const cpu = [];
  for (let round = -2; round < rounds; round++) {
    const before = process.cpuUsage();
    const begin = performance.now();
    for (const records of batches) {
      encoder.reset();
      await encodeSliced(encoder, { records, receiver: "bench" }, Date.now(), fail);
      encoder.block(1n);
    }
    if (round < 0) continue;
    const { user, system } = process.cpuUsage(before);
    const count = batches.flat().length;
    rates.push((count / (performance.now() - begin)) * 1000);
    cpu.push((user + system) / count);
  }
  report.add("encode", median(rates), "records/s");
  report.add("encode, CPU", median(cpu), "s/M records");
}

function fail(error) {
  throw error;
}

async function commitBatches(batcher, batches, rounds, report) {
  const rates = [];
  for (let round = -1; round < rounds; round++) {
    const begin = performance.now();
    // Two at a time, as senders do: while one is stored, the next one waits.
    let last = Promise.resolve();
    for (const records of batches) {
      const write = batcher.writeLogs(records, records.length * 600, "bench");
      await last;
      last = write;
    }
    await last;
    if (round >= 0) rates.push((batches.flat().length / (performance.now() - begin)) * 1000);
  }
  report.add("encode and commit, 10,000 a batch", median(rates), "records/s");
}

async function commitOne(batcher, records, times, report) {
  const milliseconds = [];
  for (let i = 0; i < times; i++) {
    const begin = performance.now();
    await batcher.writeLogs(records, 600, "bench");
    milliseconds.push(performance.now() - begin);
    await new Promise((resolve) => setTimeout(resolve, 120));
  }
  report.add("commit of a lone record", median(milliseconds), "ms");
}
