import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { resourceOf } from "../record/resource.ts";
import { logRecord, spanRecord } from "../store/testing/records.ts";
import {
  ANSWER_LOST,
  type InsertFailure,
  logs,
  REFUSED,
  refusePoison,
  useBatchers,
} from "../testing/batchers.ts";
import type { Batcher, BatcherLimits } from "./batcher.ts";

const batchers = useBatchers();
const storedBodies = () => batchers.bodies();
const rowsOf = (query: string) => batchers.store.rows(query);

/** @param failures how its first inserts fail */
function batcherOf(limits: Partial<BatcherLimits> = {}, failures: InsertFailure[] = []): Batcher {
  return batchers.create({ client: batchers.failingClient(() => failures.shift()), limits });
}

describe("a write", () => {
  it("is visible to queries when it resolves", async () => {
    await batcherOf().writeLogs(logs("a", "b"), 100, "jsonl");
    expect(await storedBodies()).toEqual(["a", "b"]);
  });

  it("of spans is visible when it resolves", async () => {
    await batcherOf().writeSpans([spanRecord({ name: "GET /visible" })], 100, "otlp");
    expect(await rowsOf("SELECT SpanName, Receiver FROM otel_traces")).toContainEqual({
      SpanName: "GET /visible",
      Receiver: "otlp",
    });
  });

  it("of nothing resolves", async () => {
    expect(await batcherOf().writeLogs([], 0, "jsonl")).toEqual({ refused: 0 });
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
    expect(await rowsOf("SELECT Body, Receiver FROM otel_logs ORDER BY Id")).toEqual([
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
    await batchers.create({ clock: hourAgo }).writeLogs(logs("after"), 10, "jsonl");
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

  it("lets a request go on of which parts are stored, and has no less room for others", async () => {
    const batcher = batcherOf({ maxBytes: 1000 });
    const writes = [
      batcher.writeLogs(logs("a"), 600, "jsonl"),
      batcher.writeLogs(logs("b"), 5000, "jsonl", { isUnderWay: true }),
      batcher.writeLogs(logs("c"), 300, "jsonl"),
    ];
    expect(batcher.statistics()).toMatchObject({ queuedBytes: 5900, queuedRequests: 3 });
    await expect(batcher.writeLogs(logs("d"), 200, "jsonl")).rejects.toMatchObject({
      code: "POLYLOG_E_INTAKE_FULL",
    });
    await Promise.all(writes);
    expect((await storedBodies()).sort()).toEqual(["a", "b", "c"]);
  });

  it("never turns away a large request that comes alone", async () => {
    await batcherOf({ maxBytes: 1000 }).writeLogs(logs("large"), 5000, "jsonl");
    expect(await storedBodies()).toEqual(["large"]);
  });
});

describe("an insert that fails because the engine is away", () => {
  it("is repeated", async () => {
    const batcher = batcherOf({}, [REFUSED, REFUSED]);
    await batcher.writeLogs(logs("a"), 10, "jsonl");
    expect(await storedBodies()).toEqual(["a"]);
    expect(batcher.statistics().logs).toMatchObject({ batches: 1, failures: 2 });
  });

  it("stores its records once when only the answer was lost", async () => {
    await batcherOf({}, [ANSWER_LOST]).writeLogs(logs("a", "b"), 10, "jsonl");
    expect(await storedBodies()).toEqual(["a", "b"]);
    expect(await rowsOf("SELECT sum(Count) AS n FROM log_fields WHERE Key = 'none'")).toEqual([{ n: "0" }]);
  });

  it.each([
    ["all", "1", 1],
    ["a day", "Body = 'b'", 1],
    ["all, time and again", "1", 3],
  ])(
    "stores its records, each once, when the engine knows the token and lacks the rows: %s of them",
    async (_, where, times) => {
      const failures = Array.from({ length: times }, () => batchers.lostBehindToken(where));
      const dayBefore = logRecord({ body: "a", timestamp: logRecord().timestamp - 86_400_000_000_000n });
      await batcherOf({}, failures).writeLogs([dayBefore, ...logs("b", "c")], 10, "jsonl");
      expect(await storedBodies()).toEqual(["a", "b", "c"]);
    },
  );

  it("does the same for spans, with all that is nested in them", async () => {
    const lost = batchers.lostBehindToken("SpanName = 'lost'", "otel_traces");
    const events = [{ timestamp: 1n, name: "retry", attributes: ["n", "1"] }];
    const links = [
      { traceId: "ab".repeat(16), spanId: "cd".repeat(8), traceState: "", attributes: ["why", "x"] },
    ];
    await batcherOf({}, [lost]).writeSpans([spanRecord({ name: "lost", events, links })], 10, "otlp");
    const columns =
      "Events.Name AS name, Events.Attributes AS own, Links.TraceId AS trace, Links.Attributes AS why";
    expect(await rowsOf(`SELECT ${columns} FROM otel_traces WHERE SpanName = 'lost'`)).toEqual([
      { name: ["retry"], own: [{ n: "1" }], trace: ["ab".repeat(16)], why: [{ why: "x" }] },
    ]);
  });

  it("is given up after a while, and the next one succeeds", async () => {
    const failures = new Array<InsertFailure>(100).fill(REFUSED);
    const batcher = batcherOf({ patience: 1_500 }, failures);
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
  let allowPoison: () => Promise<void>;
  beforeAll(async () => {
    allowPoison = await refusePoison(batchers.store);
  });
  afterAll(() => allowPoison());

  it("leaves its neighbours of the same request stored, and is counted", async () => {
    const records = logs("a", "b", "poison", "c", "d", "e", "poison", "f");
    const batcher = batcherOf();
    expect(await batcher.writeLogs(records, 10, "jsonl")).toEqual({ refused: 2 });
    expect(await storedBodies()).toEqual(["a", "b", "c", "d", "e", "f"]);
    expect(batcher.statistics().logs).toMatchObject({ rows: 6, refusedRecords: 2 });
  });

  it("does not hurt the requests beside it", async () => {
    const batcher = batcherOf();
    const results = await Promise.all([
      batcher.writeLogs(logs("a"), 10, "jsonl"),
      batcher.writeLogs(logs("poison"), 10, "jsonl"),
      batcher.writeLogs(logs("b", "c"), 10, "jsonl"),
    ]);
    expect(results.map(({ refused }) => refused)).toEqual([0, 1, 0]);
    expect(await storedBodies()).toEqual(["a", "b", "c"]);
  });

  it("may be one that can't even be encoded", async () => {
    const broken = logRecord({ body: undefined as unknown as string });
    const batcher = batcherOf();
    const results = await Promise.all([
      batcher.writeLogs([...logs("a"), broken, ...logs("b")], 10, "jsonl"),
      batcher.writeLogs(logs("c"), 10, "jsonl"),
    ]);
    expect(results.map(({ refused }) => refused)).toEqual([1, 0]);
    expect(await storedBodies()).toEqual(["a", "b", "c"]);
  });

  it("leaves acknowledged what was stored before the store went away in the middle", async () => {
    let inserts = 0;
    // Of a, poison, b, c as a whole and then by halves: after a and poison are settled nobody answers.
    const client = batchers.failingClient(() => (++inserts > 4 ? REFUSED : undefined));
    const batcher = batchers.create({ client, limits: { patience: 1_500 } });
    const results = await Promise.allSettled([
      batcher.writeLogs(logs("a"), 10, "jsonl"),
      batcher.writeLogs(logs("poison"), 10, "jsonl"),
      batcher.writeLogs(logs("b", "c"), 10, "jsonl"),
    ]);
    expect(results).toMatchObject([
      { status: "fulfilled", value: { refused: 0 } },
      { status: "fulfilled", value: { refused: 1 } },
      { status: "rejected", reason: { code: "POLYLOG_E_STORE_UNAVAILABLE" } },
    ]);
    expect(await storedBodies()).toEqual(["a"]);
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
    const away = new Array<InsertFailure>(100).fill(REFUSED);
    const batcher = batcherOf({}, away);
    const taken = batcher.writeLogs(logs("a"), 10, "jsonl");
    const lost = expect(taken).rejects.toMatchObject({ code: "POLYLOG_E_STORE_UNAVAILABLE" });
    await batcher.stop(200);
    await lost;
  });
});
