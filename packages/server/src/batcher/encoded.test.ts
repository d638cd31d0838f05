import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { encodeRecords } from "../decoding/encode-records.ts";
import { openAside } from "../spool/aside.ts";
import { openSpool } from "../spool/spool.ts";
import { createLogEncoder } from "../store/encode/logs.ts";
import { createSpanEncoder } from "../store/encode/spans.ts";
import { logRecord, spanRecord } from "../store/testing/records.ts";
import { silentLog } from "../store/testing/store.ts";
import { ANSWER_LOST, refusePoison, useBatchers } from "../testing/batchers.ts";
import type { Batcher } from "./batcher.ts";

/** Records that were encoded on another thread, beside those that were not, through the real engine. */

const batchers = useBatchers();
const storedBodies = () => batchers.bodies();

const logs = (...bodies: string[]) => bodies.map((body) => logRecord({ body, attributes: ["shard", body] }));
const encoded = (...bodies: string[]) =>
  encodeRecords(createLogEncoder(), logs(...bodies), "otlp", Date.now());

const countsOf = (key: string) =>
  batchers.store.rows(
    "SELECT Value, sum(Count) AS n FROM log_fields WHERE Key = {key:String} GROUP BY 1 ORDER BY 1",
    {
      key,
    },
  );

/** Writes that go together into one insert. */
function writeAll(batcher: Batcher): Promise<unknown> {
  return Promise.all([
    batcher.writeLogs(logs("a", "b"), 10, "jsonl"),
    batcher.writeLogs(encoded("c", "d"), 10, "otlp"),
    batcher.writeLogs(logs("e"), 10, "jsonl"),
    batcher.writeLogs(encoded("f"), 10, "otlp"),
  ]);
}

describe("rows that were encoded elsewhere", () => {
  it("are stored in one insert and one part with the others, and counted once", async () => {
    const batcher = batchers.create();
    await writeAll(batcher);
    expect(batcher.statistics().logs).toMatchObject({ batches: 1, rows: 6, failures: 0 });
    // Those that were encoded here come first.
    expect(await storedBodies()).toEqual(["a", "b", "e", "c", "d", "f"]);
    expect(await countsOf("shard")).toEqual(
      ["a", "b", "c", "d", "e", "f"].map((Value) => ({ Value, n: "1" })),
    );
    const parts = "SELECT count() AS n FROM system.parts WHERE table = 'otel_logs' AND active";
    expect(await batchers.store.rows(parts)).toEqual([{ n: "1" }]);
  });

  it("have ids of their own, which ascend", async () => {
    await writeAll(batchers.create());
    expect(await batchers.store.rows("SELECT uniqExact(Id) AS n FROM otel_logs")).toEqual([{ n: "6" }]);
  });

  it("are stored once when the answer to their insert was lost", async () => {
    const failures = [ANSWER_LOST];
    const batcher = batchers.create({
      client: batchers.failingClient(() => failures.shift()),
    });
    await writeAll(batcher);
    expect(batcher.statistics().logs).toMatchObject({ batches: 1, failures: 1 });
    expect(await storedBodies()).toEqual(["a", "b", "e", "c", "d", "f"]);
    expect(await countsOf("shard")).toHaveLength(6);
    expect(await batchers.store.rows("SELECT sum(Count) AS n FROM log_fields WHERE Key = 'shard'")).toEqual([
      { n: "6" },
    ]);
  });

  it("may be spans", async () => {
    const spans = [spanRecord({ name: "GET /far" }), spanRecord({ name: "GET /off" })];
    await batchers
      .create()
      .writeSpans(encodeRecords(createSpanEncoder(), spans, "otlp", Date.now()), 10, "otlp");
    const names = "SELECT SpanName FROM otel_traces WHERE SpanName IN ('GET /far', 'GET /off') ORDER BY Id";
    expect(await batchers.store.rows(names)).toEqual([{ SpanName: "GET /far" }, { SpanName: "GET /off" }]);
  });

  it("may be too many for one insert", { timeout: 60_000 }, async () => {
    const large = () => encoded(...Array.from({ length: 45 }, (_, i) => `${i}`.padEnd(1 << 20, "x")));
    const batcher = batchers.create();
    await Promise.all([
      batcher.writeLogs(logs("first"), 10, "jsonl"),
      batcher.writeLogs(large(), 1 << 20, "otlp"),
      batcher.writeLogs(large(), 1 << 20, "otlp"),
    ]);
    expect(batcher.statistics().logs).toMatchObject({ rows: 91, failures: 0 });
    expect(await batchers.store.rows("SELECT uniqExact(Id) AS n FROM otel_logs")).toEqual([{ n: "91" }]);
  });

  it("of which some could not be encoded are stored without them, and their sender is told", async () => {
    const broken = { ...logRecord(), body: undefined as unknown as string };
    const some = encodeRecords(createLogEncoder(), [...logs("a"), broken, ...logs("b")], "otlp", Date.now());
    expect(await batchers.create().writeLogs(some, 10, "otlp")).toEqual({ refused: 1 });
    expect(await storedBodies()).toEqual(["a", "b"]);
  });

  it("leave their neighbours stored when one can't be", async () => {
    const allowPoison = await refusePoison(batchers.store);
    try {
      const batcher = batchers.create();
      const results = await Promise.all([
        batcher.writeLogs(logs("a", "b"), 10, "jsonl"),
        batcher.writeLogs(encoded("c", "poison", "d"), 10, "otlp"),
        batcher.writeLogs(encoded("e", "f"), 10, "otlp"),
      ]);
      expect(results.map(({ refused }) => refused)).toEqual([0, 1, 0]);
      expect((await storedBodies()).sort()).toEqual(["a", "b", "c", "d", "e", "f"]);
      expect(await batchers.store.rows("SELECT sum(Count) AS n FROM log_fields WHERE Key = 'shard'")).toEqual(
        [{ n: "6" }],
      );
    } finally {
      await allowPoison();
    }
  });

  it("come out of the spool as they went in", async () => {
    const directory = await mkdtemp(join(tmpdir(), "polylog-encoded-"));
    try {
      const aside = await openAside(join(directory, "aside"));
      const spool = await openSpool({ directory, maxBytes: 1 << 30, aside, log: silentLog, reserve: 0 });
      const batcher = batchers.create({ spool: { spool, first: new Set(["otlp"]) } });
      await writeAll(batcher);
      expect(spool.statistics()).toMatchObject({ spooledRecords: 6 });
      await expect.poll(() => spool.isEmpty).toBe(true);
      expect(await storedBodies()).toEqual(["a", "b", "e", "c", "d", "f"]);
      expect(await countsOf("shard")).toHaveLength(6);
      await batcher.stop();
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });
});
