import { mkdtemp, readdir, rename, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ClickHouseClient } from "@clickhouse/client";
import { ClickHouseError } from "@clickhouse/client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { openAside } from "../spool/aside.ts";
import { openSpool, type Spool } from "../spool/spool.ts";
import { spanRecord } from "../store/testing/records.ts";
import { silentLog } from "../store/testing/store.ts";
import { ANSWER_LOST, type InsertFailure, logs, REFUSED, useBatchers } from "../testing/batchers.ts";
import type { Batcher } from "./batcher.ts";

const batchers = useBatchers();
const stored = () => batchers.bodies();
let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), "polylog-spool-"));
});
afterEach(async () => {
  await rm(directory, { recursive: true, force: true });
});

/** What may be made to fail between the batcher and the engine. */
interface Wire {
  readonly client: ClickHouseClient;
  /** How an insert fails now; undefined while none does. */
  failure: InsertFailure | undefined;
}

function wire(failure?: InsertFailure): Wire {
  const own: Wire = {
    failure,
    client: batchers.failingClient(() => own.failure),
  };
  return own;
}

async function start(
  client: ClickHouseClient,
  { first = [] as string[], maxBytes = 1 << 30 } = {},
): Promise<{ batcher: Batcher; spool: Spool }> {
  const aside = await openAside(join(directory, "aside"));
  const spool = await openSpool({ directory, maxBytes, aside, log: silentLog, reserve: 0 });
  const batcher = batchers.create({
    client,
    limits: { patience: 20_000 },
    spool: { spool, first: new Set(first) },
  });
  return { batcher, spool };
}

const write = (batcher: Batcher, ...bodies: string[]) => batcher.writeLogs(logs(...bodies), 100, "syslog");

/** A replay that has failed for long looks only every other second. */
async function emptied(spool: Spool): Promise<void> {
  await expect.poll(() => spool.isEmpty, { timeout: 20_000 }).toBe(true);
}

describe("while the engine is away, a batcher with a spool", () => {
  it("acknowledges what is on disk, and stores it in order when the engine is back", async () => {
    const away = wire(REFUSED);
    const { batcher, spool } = await start(away.client);
    await write(batcher, "one", "two");
    await write(batcher, "three");
    await batcher.writeSpans([spanRecord({ name: "spooled" })], 10, "otlp");
    expect(spool.statistics()).toMatchObject({ records: 4, batches: 3 });
    expect(await stored()).toEqual([]);

    const commits: unknown[] = [];
    batcher.onCommit((commit) => commits.push(commit));
    away.failure = undefined;
    await emptied(spool);
    await write(batcher, "four");
    expect(await stored()).toEqual(["one", "two", "three", "four"]);
    expect(commits).toEqual([
      { table: "otel_logs", rows: 2 },
      { table: "otel_logs", rows: 1 },
      { table: "otel_traces", rows: 1 },
      { table: "otel_logs", rows: 1 },
    ]);
    expect(batcher.statistics().logs.rows).toBe(4);
  });

  it("waits for one that is back at once", async () => {
    let failures = 2;
    const { batcher, spool } = await start(
      wire((insert) => (failures-- > 0 ? REFUSED(insert) : (insert() as Promise<never>))).client,
    );
    await write(batcher, "soon");
    expect(await stored()).toEqual(["soon"]);
    expect(spool.statistics().spooledRecords).toBe(0);
  });

  it("leaves what is not stored yet to the next process", async () => {
    const { batcher } = await start(wire(REFUSED).client);
    await write(batcher, "before");
    await batcher.stop();

    const { spool } = await start(batchers.store.engine.client);
    await emptied(spool);
    expect(await stored()).toEqual(["before"]);
  });

  it("stores once what the engine had taken before its answer was lost", async () => {
    const lossy = wire(ANSWER_LOST);
    const { batcher, spool } = await start(lossy.client);
    await write(batcher, "once");
    expect(spool.statistics().records).toBe(1);
    lossy.failure = undefined;
    await emptied(spool);
    expect(await stored()).toEqual(["once"]);
  });

  it("refuses when the disk has no room either, and takes more when it has", async () => {
    const away = wire(REFUSED);
    const { batcher, spool } = await start(away.client, { maxBytes: 3_000 });
    await write(batcher, "kept");
    await expect(write(batcher, "x".repeat(4_000))).rejects.toMatchObject({
      code: "POLYLOG_E_STORE_UNAVAILABLE",
      retryAfterSeconds: 10,
    });
    away.failure = undefined;
    await emptied(spool);
    await write(batcher, "x".repeat(4_000));
    expect((await stored()).length).toBe(2);
  });
});

describe("rows whose token the engine noted, and which it did not keep, are stored after all, each once", () => {
  const halfLost = batchers.lostBehindToken("Body = 'b'");

  it("when it was killed before they were spooled", async () => {
    const lossy = wire(halfLost);
    const { batcher, spool } = await start(lossy.client);
    await write(batcher, "a", "b");
    lossy.failure = undefined;
    await emptied(spool);
    expect(await stored()).toEqual(["a", "b"]);
  });

  it("when it was killed while they were replayed", async () => {
    const lossy = wire(REFUSED);
    const { batcher, spool } = await start(lossy.client);
    await write(batcher, "a", "b");
    lossy.failure = (insert) => {
      lossy.failure = undefined;
      return halfLost(insert);
    };
    await emptied(spool);
    expect(await stored()).toEqual(["a", "b"]);
  });

  it("when the server was killed as well", async () => {
    const lossy = wire(REFUSED);
    const { batcher } = await start(lossy.client);
    await write(batcher, "a", "b");
    let inserts = 0;
    lossy.failure = (insert) => (inserts++ === 0 ? halfLost(insert) : REFUSED(insert));
    await expect.poll(() => inserts).toBeGreaterThan(1);
    await batcher.stop();
    await emptied((await start(batchers.store.engine.client)).spool);
    expect(await stored()).toEqual(["a", "b"]);
  });
});

it("a batch that the engine can't store after all is kept aside, and those behind it are stored", async () => {
  const away = wire(REFUSED);
  const { batcher, spool } = await start(away.client);
  await write(batcher, "bad");
  await write(batcher, "good");
  let isFirst = true;
  away.failure = (insert) => {
    if (!isFirst) return insert() as Promise<never>;
    isFirst = false;
    return Promise.reject(new ClickHouseError({ code: "117", message: "Incorrect data", type: "" }));
  };
  await emptied(spool);
  expect(await stored()).toEqual(["good"]);
  expect(spool.statistics().aside).toMatchObject({ batches: 1, records: 1 });
});

it("one record that the engine can't store keeps none beside it out", async () => {
  const away = wire(REFUSED);
  const { batcher, spool } = await start(away.client);
  const bodies = Array.from({ length: 50 }, (_, i) => (i % 20 === 7 ? `bad ${i}` : `good ${i}`));
  await write(batcher, ...bodies);
  const constrain = (what: string) => batchers.store.command(`ALTER TABLE otel_logs ${what}`);
  await constrain("ADD CONSTRAINT not_bad CHECK Body NOT LIKE 'bad%'");
  try {
    away.failure = undefined;
    await emptied(spool);
  } finally {
    await constrain("DROP CONSTRAINT not_bad");
  }
  expect((await stored()).sort()).toEqual(bodies.filter((body) => body.startsWith("good")).sort());
  expect(spool.statistics().aside).toMatchObject({ batches: 1, records: 3 });
  await batcher.stop();

  // Moved back, it is tried again: only what is not stored.
  const [name = ""] = await readdir(join(directory, "aside"));
  await rename(join(directory, "aside", name), join(directory, name));
  const { spool: second } = await start(batchers.store.engine.client);
  await emptied(second);
  expect((await stored()).sort()).toEqual(bodies.sort());
});

it("what nobody would send again goes to the disk first, when that is asked", async () => {
  const { batcher, spool } = await start(batchers.store.engine.client, { first: ["syslog"] });
  await write(batcher, "kept");
  expect(spool.statistics().spooledRecords).toBe(1);
  await emptied(spool);
  expect(await stored()).toEqual(["kept"]);
});

it("an engine that takes long is no reason to wait", { timeout: 60_000 }, async () => {
  const { batcher, spool } = await start(wire().client);
  await write(batcher, "before");
  const pid = batchers.store.engine.status().pid ?? 0;
  process.kill(pid, "SIGSTOP");
  try {
    await write(batcher, "meanwhile");
    expect(spool.statistics().records).toBe(1);
  } finally {
    process.kill(pid, "SIGCONT");
  }
  await emptied(spool);
  expect(await stored()).toEqual(["before", "meanwhile"]);
});
