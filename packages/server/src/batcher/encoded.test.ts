import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { encodeRecords } from "../decoding/encode-records.ts";
import { openAside } from "../spool/aside.ts";
import { openSpool } from "../spool/spool.ts";
import { createLogEncoder } from "../store/encode/logs.ts";
import { createSpanEncoder } from "../store/encode/spans.ts";
import { logRecord, spanRecord } from "../store/testing/records.ts";
import { openTestStore, silentLog, type TestStore } from "../store/testing/store.ts";
import { type Batcher, createBatcher } from "./batcher.ts";

/** Records that were encoded on another thread, beside those that were not, through the real engine. */

let test: TestStore;
const batchers: Batcher[] = [];

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
afterEach(async () => {
  for (const batcher of batchers.splice(0)) await batcher.stop();
  for (const table of ["otel_logs", "log_fields"]) await test.command(`TRUNCATE TABLE ${table}`);
});

function batcherOf(options: Partial<Parameters<typeof createBatcher>[0]> = {}): Batcher {
  const { client } = test.engine;
  const batcher = createBatcher({ client, log: silentLog, limits: { maxBytes: 64 << 20 }, ...options });
  batchers.push(batcher);
  return batcher;
}

const logs = (...bodies: string[]) => bodies.map((body) => logRecord({ body, attributes: ["shard", body] }));
const encoded = (...bodies: string[]) =>
  encodeRecords(createLogEncoder(), logs(...bodies), "otlp", Date.now());

async function storedBodies(): Promise<string[]> {
  const rows = await test.rows<{ Body: string }>("SELECT Body FROM otel_logs ORDER BY Id");
  return rows.map(({ Body }) => Body);
}

const countsOf = (key: string) =>
  test.rows("SELECT Value, sum(Count) AS n FROM log_fields WHERE Key = {key:String} GROUP BY 1 ORDER BY 1", {
    key,
  });

/** A client whose first answer is lost, though the engine has done what it was asked. */
function losingAnAnswer(): typeof test.engine.client {
  let isLost = false;
  return new Proxy(test.engine.client, {
    get(client, name) {
      const method = Reflect.get(client, name);
      if (name !== "exec" || isLost) return method;
      return async (...parameters: unknown[]) => {
        const { stream } = await client.exec(...(parameters as Parameters<typeof client.exec>));
        for await (const _ of stream);
        isLost = true;
        throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
      };
    },
  });
}

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
    const batcher = batcherOf();
    await writeAll(batcher);
    expect(batcher.statistics().logs).toMatchObject({ batches: 1, rows: 6, failures: 0 });
    // Those that were encoded here come first.
    expect(await storedBodies()).toEqual(["a", "b", "e", "c", "d", "f"]);
    expect(await countsOf("shard")).toEqual(
      ["a", "b", "c", "d", "e", "f"].map((Value) => ({ Value, n: "1" })),
    );
    const parts = "SELECT count() AS n FROM system.parts WHERE table = 'otel_logs' AND active";
    expect(await test.rows(parts)).toEqual([{ n: "1" }]);
  });

  it("have ids of their own, which ascend", async () => {
    await writeAll(batcherOf());
    expect(await test.rows("SELECT uniqExact(Id) AS n FROM otel_logs")).toEqual([{ n: "6" }]);
  });

  it("are stored once when the answer to their insert was lost", async () => {
    const batcher = batcherOf({ client: losingAnAnswer() });
    await writeAll(batcher);
    expect(batcher.statistics().logs).toMatchObject({ batches: 1, failures: 1 });
    expect(await storedBodies()).toEqual(["a", "b", "e", "c", "d", "f"]);
    expect(await countsOf("shard")).toHaveLength(6);
    expect(await test.rows("SELECT sum(Count) AS n FROM log_fields WHERE Key = 'shard'")).toEqual([
      { n: "6" },
    ]);
  });

  it("may be spans", async () => {
    const spans = [spanRecord({ name: "GET /far" }), spanRecord({ name: "GET /off" })];
    await batcherOf().writeSpans(encodeRecords(createSpanEncoder(), spans, "otlp", Date.now()), 10, "otlp");
    const names = "SELECT SpanName FROM otel_traces WHERE SpanName IN ('GET /far', 'GET /off') ORDER BY Id";
    expect(await test.rows(names)).toEqual([{ SpanName: "GET /far" }, { SpanName: "GET /off" }]);
  });

  it("may be too many for one insert", { timeout: 60_000 }, async () => {
    const large = () => encoded(...Array.from({ length: 45 }, (_, i) => `${i}`.padEnd(1 << 20, "x")));
    const batcher = batcherOf();
    await Promise.all([
      batcher.writeLogs(logs("first"), 10, "jsonl"),
      batcher.writeLogs(large(), 1 << 20, "otlp"),
      batcher.writeLogs(large(), 1 << 20, "otlp"),
    ]);
    expect(batcher.statistics().logs).toMatchObject({ rows: 91, failures: 0 });
    expect(await test.rows("SELECT uniqExact(Id) AS n FROM otel_logs")).toEqual([{ n: "91" }]);
  });

  it("of which some could not be encoded are stored without them, and their sender is told", async () => {
    const broken = { ...logRecord(), body: undefined as unknown as string };
    const some = encodeRecords(createLogEncoder(), [...logs("a"), broken, ...logs("b")], "otlp", Date.now());
    await expect(batcherOf().writeLogs(some, 10, "otlp")).rejects.toMatchObject({
      code: "POLYLOG_E_BAD_REQUEST",
      message: "1 of 3 records can't be stored.",
    });
    expect(await storedBodies()).toEqual(["a", "b"]);
  });

  it("leave their neighbours stored when one can't be", async () => {
    await test.command("ALTER TABLE otel_logs ADD CONSTRAINT no_poison CHECK Body != 'poison'");
    try {
      const batcher = batcherOf();
      const results = await Promise.allSettled([
        batcher.writeLogs(logs("a", "b"), 10, "jsonl"),
        batcher.writeLogs(encoded("c", "poison", "d"), 10, "otlp"),
        batcher.writeLogs(encoded("e", "f"), 10, "otlp"),
      ]);
      expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
      expect((await storedBodies()).sort()).toEqual(["a", "b", "c", "d", "e", "f"]);
      expect(await test.rows("SELECT sum(Count) AS n FROM log_fields WHERE Key = 'shard'")).toEqual([
        { n: "6" },
      ]);
    } finally {
      await test.command("ALTER TABLE otel_logs DROP CONSTRAINT no_poison");
    }
  });

  it("come out of the spool as they went in", async () => {
    const directory = await mkdtemp(join(tmpdir(), "polylog-encoded-"));
    try {
      const aside = await openAside(join(directory, "aside"));
      const spool = await openSpool({ directory, maxBytes: 1 << 30, aside, log: silentLog, reserve: 0 });
      const batcher = batcherOf({ spool: { spool, first: new Set(["otlp"]) } });
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
