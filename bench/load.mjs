import { join } from "node:path";
import { startEmbeddedEngine } from "../packages/engine/dist/index.js";
import { createBatcher } from "../packages/server/dist/batcher/batcher.js";
import { resourceOf, scopeOf } from "../packages/server/dist/record/resource.js";
import { openStore } from "../packages/server/dist/store/store.js";
import { generate } from "./dataset.mjs";

const ignore = () => {};
const log = { debug: ignore, info: ignore, warn: console.error, error: console.error };

/**
 * Fills a data directory with made-up records, by the way that records take behind every receiver, and merges them
 * into one part a day, as the engine does by itself an hour after a day is over.
 *
 * @param {{ data: string, count: number, from: number, to: number, make?: typeof generate }} options times in
 *   milliseconds since 1970; `make` makes the records, and `count` is how many of those it makes most of
 * @returns {Promise<{ traceId: string, seconds: number }>} the id of a trace from the middle
 */
export async function load({ data, count, from, to, make = generate }) {
  const engine = startEmbeddedEngine({ directory: join(data, "engine") });
  const start = performance.now();
  let traceId = "";
  try {
    await openStore(engine, { retentionDays: 0, log });
    const batcher = createBatcher({ client: engine.client, log, limits: { maxBytes: 1 << 30 } });
    let done = 0;
    const nanoseconds = (milliseconds) => BigInt(milliseconds) * 1_000_000n;
    const batches = make({ count, from: nanoseconds(from), to: nanoseconds(to), resourceOf, scopeOf });
    for (const { logs, spans } of batches) {
      await Promise.all([
        batcher.writeLogs(logs, logs.length * 400, "bench"),
        batcher.writeSpans(spans, spans.length * 400, "bench"),
      ]);
      done += Math.max(logs.length, spans.length);
      if (done >= count / 2) traceId ||= spans[spans.length >> 1].traceId;
      process.stderr.write(`\rloading ${Math.round((done / count) * 100)} %`);
    }
    await batcher.stop();
    process.stderr.write("\rmerging …   ");
    for (const table of ["otel_logs", "otel_traces", "otel_traces_trace_id_ts", "log_fields"]) {
      await engine.client.command({ query: `OPTIMIZE TABLE ${table} FINAL` });
    }
    process.stderr.write("\r            \r");
  } finally {
    await engine.stop();
  }
  return { traceId, seconds: Math.round((performance.now() - start) / 1000) };
}
