import { join } from "node:path";
import { startEmbeddedEngine } from "../packages/engine/dist/index.js";
import { createBatcher } from "../packages/server/dist/batcher/batcher.js";
import { resourceOf, scopeOf } from "../packages/server/dist/record/resource.js";
import { openStore } from "../packages/server/dist/store/store.js";
import { generate } from "./dataset.mjs";

const ignore = () => {};
const log = { debug: ignore, info: ignore, warn: console.error, error: console.error };

/**
 * Fills a data directory with made-up records, by the way that records take behind every receiver, and waits until
 * the engine has merged them as it would have in a store that is a while old.
 *
 * @param {{ data: string, count: number, from: number, to: number }} options times in milliseconds since 1970
 * @returns {Promise<{ traceId: string, seconds: number }>} the id of a trace from the middle
 */
export async function load({ data, count, from, to }) {
  const engine = startEmbeddedEngine({ directory: join(data, "engine") });
  const start = performance.now();
  let traceId = "";
  try {
    await openStore(engine, { retentionDays: 0, log });
    const batcher = createBatcher({ client: engine.client, log, limits: { maxBytes: 1 << 30 } });
    let done = 0;
    const nanoseconds = (milliseconds) => BigInt(milliseconds) * 1_000_000n;
    const batches = generate({ count, from: nanoseconds(from), to: nanoseconds(to), resourceOf, scopeOf });
    for (const { logs, spans } of batches) {
      await Promise.all([
        batcher.writeLogs(logs, logs.length * 400, "bench"),
        batcher.writeSpans(spans, spans.length * 400, "bench"),
      ]);
      done += logs.length;
      if (done >= count / 2) traceId ||= spans[spans.length >> 1].traceId;
      process.stderr.write(`\rloading ${Math.round((done / count) * 100)} %`);
    }
    await batcher.stop();
    process.stderr.write("\rmerging …   ");
    await untilMerged(engine.client);
    process.stderr.write("\r            \r");
  } finally {
    await engine.stop();
  }
  return { traceId, seconds: Math.round((performance.now() - start) / 1000) };
}

/** Until no merge has been under way for two seconds. */
async function untilMerged(client) {
  for (let quiet = 0; quiet < 20; ) {
    const answer = await client.query({
      query: "SELECT count() AS merges FROM system.merges",
      format: "JSONEachRow",
    });
    const [{ merges }] = await answer.json();
    quiet = Number(merges) === 0 ? quiet + 1 : 0;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
