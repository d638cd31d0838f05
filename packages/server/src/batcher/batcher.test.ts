import type { ClickHouseClient } from "@clickhouse/client";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { resourceOf } from "../record/resource.ts";
import { logRecord, spanRecord } from "../store/testing/records.ts";
import { openTestStore, silentLog, type TestStore } from "../store/testing/store.ts";
import { type Batcher, type BatcherLimits, createBatcher } from "./batcher.ts";

const PLENTY = 64 << 20;

let test: TestStore;
const batchers: Batcher[] = [];

beforeAll(async () => {
  test = await openTestStore();
});
afterAll(() => test.close());
afterEach(async () => {
  for (const batcher of batchers.splice(0)) await batcher.stop();
  await test.engine.client.command({ query: "TRUNCATE TABLE otel_logs" });
});

function batcherOf(
  limits: Partial<BatcherLimits> = {},
  client: ClickHouseClient = test.engine.client,
): Batcher {
  const batcher = createBatcher({ client, log: silentLog, limits: { maxBytes: PLENTY, ...limits } });
  batchers.push(batcher);
  return batcher;
}

async function storedBodies(): Promise<string[]> {
  const rows = await test.rows<{ Body: string }>("SELECT Body FROM otel_logs ORDER BY Id");
  return rows.map(({ Body }) => Body);
}

function logs(...bodies: string[]) {
  return bodies.map((body) => logRecord({ body }));
}

/** The client, but for its first inserts, each of which fails as `fail` says. */
function failing(fail: ((call: () => Promise<unknown>) => Promise<never>)[]): ClickHouseClient {
  return new Proxy(test.engine.client, {
    get(client, name) {
      const method = Reflect.get(client, name);
      if (name !== "exec") return method;
      return (...parameters: unknown[]) => {
        const call = async () => Reflect.apply(method, client, parameters);
        const failure = fail.shift();
        return failure === undefined ? call() : failure(call);
      };
    },
  });
}

const REFUSED = () =>
  Promise.reject(Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" }));

describe("a write", () => {
  it("is visible to queries when it resolves", async () => {
    await batcherOf().writeLogs(logs("a", "b"), 100, "jsonl");
    expect(await storedBodies()).toEqual(["a", "b"]);
  });

  it("of spans is visible when it resolves", async () => {
    await batcherOf().writeSpans([spanRecord({ name: "GET /visible" })], 100, "otlp");
    expect(await test.rows("SELECT SpanName, Receiver FROM otel_traces")).toContainEqual({
      SpanName: "GET /visible",
      Receiver: "otlp",
    });
  });

  it("of nothing resolves", async () => {
    await expect(batcherOf().writeLogs([], 0, "jsonl")).resolves.toBeUndefined();
  });

  it("shares its insert with those that come while another runs", async () => {
    const batcher = batcherOf();
    const writes = [batcher.writeLogs(logs("first"), 10, "a")];
    await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
    for (let i = 0; i < 50; i++) writes.push(batcher.writeLogs(logs(`later ${i}`), 10, "b"));
    await Promise.all(writes);
    expect(batcher.statistics().logs).toMatchObject({ batches: 2, rows: 51, failures: 0 });
    expect(await storedBodies()).toHaveLength(51);
  });

  it("of more than the engine should be given at once goes in parts", { timeout: 60_000 }, async () => {
    const batcher = batcherOf();
    // A megabyte on the wire, eighty in the store.
    const resource = resourceOf(["process.command_args", "x".repeat(1 << 20)]);
    const records = Array.from({ length: 80 }, (_, i) => logRecord({ body: `${i}`, resource }));
    await batcher.writeLogs(records, 1 << 20, "otlp");
    expect(batcher.statistics().logs).toMatchObject({ batches: 2, rows: 80, failures: 0 });
    expect(await storedBodies()).toEqual(records.map(({ body }) => body));
  });

  it("keeps the receiver's name with each record", async () => {
    const batcher = batcherOf();
    await Promise.all([batcher.writeLogs(logs("a"), 1, "jsonl"), batcher.writeLogs(logs("b"), 1, "file")]);
    expect(await test.rows("SELECT Body, Receiver FROM otel_logs ORDER BY Id")).toEqual([
      { Body: "a", Receiver: "jsonl" },
      { Body: "b", Receiver: "file" },
    ]);
  });
});

describe("ids", () => {
  it("ascend in the order of commits", async () => {
    const batcher = batcherOf();
    for (let i = 0; i < 5; i++) await batcher.writeLogs(logs(`${i}`, `${i}'`), 10, "jsonl");
    expect(await storedBodies()).toEqual(["0", "0'", "1", "1'", "2", "2'", "3", "3'", "4", "4'"]);
  });

  it("ascend over a restart with a clock that was put back", async () => {
    const hourAgo = () => Date.now() - 3_600_000;
    await batcherOf().writeLogs(logs("before"), 10, "jsonl");
    const later = createBatcher({
      client: test.engine.client,
      log: silentLog,
      limits: { maxBytes: PLENTY },
      clock: hourAgo,
    });
    batchers.push(later);
    await later.writeLogs(logs("after"), 10, "jsonl");
    expect(await storedBodies()).toEqual(["before", "after"]);
  });
});

describe("a commit", () => {
  it("is told to listeners until they leave", async () => {
    const batcher = batcherOf();
    const heard: unknown[] = [];
    const leave = batcher.onCommit((commit) => heard.push(commit));
    await batcher.writeLogs(logs("a", "b"), 10, "jsonl");
    await batcher.writeSpans([spanRecord()], 10, "otlp");
    leave();
    await batcher.writeLogs(logs("c"), 10, "jsonl");
    expect(heard).toEqual([
      { table: "otel_logs", rows: 2 },
      { table: "otel_traces", rows: 1 },
    ]);
  });

  it("stands when a listener throws", async () => {
    const batcher = batcherOf();
    batcher.onCommit(() => {
      throw new Error("not my day");
    });
    await batcher.writeLogs(logs("a"), 10, "jsonl");
    expect(await storedBodies()).toEqual(["a"]);
  });
});

describe("a full queue", () => {
  it("turns requests away at once and says when to come back", async () => {
    const batcher = batcherOf({ maxBytes: 1000 });
    const first = batcher.writeLogs(logs("a"), 900, "jsonl");
    await expect(batcher.writeLogs(logs("b"), 200, "jsonl")).rejects.toMatchObject({
      code: "POLYLOG_E_INTAKE_FULL",
      retryAfterSeconds: 1,
    });
    await first;
    await batcher.writeLogs(logs("c"), 200, "jsonl");
    expect(await storedBodies()).toEqual(["a", "c"]);
    expect(batcher.statistics()).toMatchObject({ queuedBytes: 0, queuedRequests: 0, turnedAway: 1 });
  });

  it("never turns away a large request that comes alone", async () => {
    await batcherOf({ maxBytes: 1000 }).writeLogs(logs("large"), 5000, "jsonl");
    expect(await storedBodies()).toEqual(["large"]);
  });
});

describe("an insert that fails because the engine is away", () => {
  it("is repeated", async () => {
    const batcher = batcherOf({}, failing([REFUSED, REFUSED]));
    await batcher.writeLogs(logs("a"), 10, "jsonl");
    expect(await storedBodies()).toEqual(["a"]);
    expect(batcher.statistics().logs).toMatchObject({ batches: 1, failures: 2 });
  });

  it("stores its records once when only the answer was lost", async () => {
    const lostAnswer = async (call: () => Promise<unknown>) => {
      await call();
      return REFUSED();
    };
    await batcherOf({}, failing([lostAnswer])).writeLogs(logs("a", "b"), 10, "jsonl");
    expect(await storedBodies()).toEqual(["a", "b"]);
    expect(await test.rows("SELECT sum(Count) AS n FROM log_fields WHERE Key = 'none'")).toEqual([
      { n: "0" },
    ]);
  });

  it("is given up after a while, and the next one succeeds", async () => {
    const failures = new Array<typeof REFUSED>(100).fill(REFUSED);
    const batcher = batcherOf({ patience: 1_500 }, failing(failures));
    await expect(batcher.writeLogs(logs("a"), 10, "jsonl")).rejects.toMatchObject({
      code: "POLYLOG_E_STORE_UNAVAILABLE",
      retryAfterSeconds: 2,
    });
    failures.length = 0;
    await batcher.writeLogs(logs("b"), 10, "jsonl");
    expect(await storedBodies()).toEqual(["b"]);
  });
});

describe("a record that can't be stored", () => {
  beforeAll(async () => {
    await test.engine.client.command({
      query: "ALTER TABLE otel_logs ADD CONSTRAINT no_poison CHECK Body != 'poison'",
    });
  });
  afterAll(async () => {
    await test.engine.client.command({ query: "ALTER TABLE otel_logs DROP CONSTRAINT no_poison" });
  });

  it("leaves its neighbours of the same request stored", async () => {
    const records = logs("a", "b", "poison", "c", "d", "e", "poison", "f");
    const batcher = batcherOf();
    await expect(batcher.writeLogs(records, 10, "jsonl")).rejects.toMatchObject({
      code: "POLYLOG_E_BAD_REQUEST",
      message: "2 of 8 records can't be stored.",
    });
    expect(await storedBodies()).toEqual(["a", "b", "c", "d", "e", "f"]);
    expect(batcher.statistics().logs.refusedRecords).toBe(2);
  });

  it("does not hurt the requests beside it", async () => {
    const batcher = batcherOf();
    const results = await Promise.allSettled([
      batcher.writeLogs(logs("a"), 10, "jsonl"),
      batcher.writeLogs(logs("poison"), 10, "jsonl"),
      batcher.writeLogs(logs("b", "c"), 10, "jsonl"),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(await storedBodies()).toEqual(["a", "b", "c"]);
  });

  it("may be one that can't even be encoded", async () => {
    const broken = logRecord({ body: undefined as unknown as string });
    const batcher = batcherOf();
    const results = await Promise.allSettled([
      batcher.writeLogs([...logs("a"), broken, ...logs("b")], 10, "jsonl"),
      batcher.writeLogs(logs("c"), 10, "jsonl"),
    ]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(await storedBodies()).toEqual(["a", "b", "c"]);
  });
});

describe("a batcher that stops", () => {
  it("stores what it took and takes no more", async () => {
    const batcher = batcherOf();
    const taken = batcher.writeLogs(logs("a"), 10, "jsonl");
    const stopped = batcher.stop();
    await expect(batcher.writeLogs(logs("b"), 10, "jsonl")).rejects.toMatchObject({
      code: "POLYLOG_E_STOPPING",
    });
    await stopped;
    await taken;
    expect(await storedBodies()).toEqual(["a"]);
  });

  it("does not wait for long when the store is away", async () => {
    const away = new Array<typeof REFUSED>(100).fill(REFUSED);
    const batcher = batcherOf({}, failing(away));
    const taken = batcher.writeLogs(logs("a"), 10, "jsonl");
    const lost = expect(taken).rejects.toMatchObject({ code: "POLYLOG_E_STORE_UNAVAILABLE" });
    await batcher.stop(200);
    await lost;
  });
});
