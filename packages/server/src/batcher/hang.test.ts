import type { EmbeddedEngine } from "@polylog/engine";
import { describe, expect, it } from "vitest";
import type { Stored } from "../record/intake.ts";
import { logs, useBatchers } from "../testing/batchers.ts";
import type { Batcher } from "./batcher.ts";

const batchers = useBatchers();

/** A batcher that has stored something. */
async function batcherOf(patience?: number): Promise<Batcher> {
  const batcher = batchers.create({ limits: patience === undefined ? {} : { patience } });
  await write(batcher, "something");
  return batcher;
}

function write(batcher: Batcher, body: string): Promise<Stored> {
  return batcher.writeLogs(logs(body), 10, "jsonl");
}

/** Suspends the engine while the work is done; it goes on after that in any case. */
async function whileSuspended(work: () => Promise<void>): Promise<void> {
  const pid = batchers.store.engine.status().pid ?? 0;
  process.kill(pid, "SIGSTOP");
  try {
    await work();
  } finally {
    process.kill(pid, "SIGCONT");
  }
}

/** How often it is stored. What nobody waited for may come later, so nothing is asked of the others. */
async function timesStored(body: string): Promise<number> {
  const [row] = await batchers.store.rows<{ n: string }>(
    "SELECT count() AS n FROM otel_logs WHERE Body = {body:String}",
    {
      body,
    },
  );
  return Number(row?.n);
}

const UNAVAILABLE = {
  code: "POLYLOG_E_STORE_UNAVAILABLE",
  cause: { message: "The store did not answer in time." },
  retryAfterSeconds: 2,
};

describe("when the engine hangs, a batcher", () => {
  it("lets senders know in time, and stores what comes once it goes on", async () => {
    const batcher = await batcherOf(2_000);
    await whileSuspended(async () => {
      await expect(write(batcher, "given up")).rejects.toMatchObject(UNAVAILABLE);
    });
    await write(batcher, "after");
    expect(await timesStored("after")).toBe(1);
    expect(batcher.statistics()).toMatchObject({ queuedBytes: 0, queuedRequests: 0 });
  });

  it("lets senders know in time before its first insert, too", async () => {
    const batcher = batchers.create({ limits: { patience: 300 } });
    await whileSuspended(async () => {
      await expect(write(batcher, "given up")).rejects.toMatchObject(UNAVAILABLE);
    });
  });

  it.each<[does: string, end: (batcher: Batcher) => unknown]>([
    ["lets go when it is told to hurry", (batcher) => batcher.hurry(200)],
    ["lets go when it stops", (batcher) => batcher.stop(200)],
  ])("%s", async (_, end) => {
    const batcher = await batcherOf();
    await whileSuspended(async () => {
      const givenUp = expect(write(batcher, "given up")).rejects.toMatchObject(UNAVAILABLE);
      const before = performance.now();
      await end(batcher);
      await givenUp;
      expect(performance.now() - before).toBeLessThan(2_000);
    });
  });

  it("waits while it has patience, and stores once", async () => {
    const batcher = await batcherOf();
    let written: Promise<Stored> | undefined;
    await whileSuspended(async () => {
      written = write(batcher, "meanwhile");
      // As long as it takes to see that nobody answers.
      await expect(
        fetch(`${(batchers.store.engine as EmbeddedEngine).endpoint()?.url}/ping`, {
          signal: AbortSignal.timeout(200),
        }),
      ).rejects.toThrow();
    });
    await written;
    expect(await timesStored("meanwhile")).toBe(1);
  });
});
