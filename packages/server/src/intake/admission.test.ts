import { describe, expect, it } from "vitest";
import { PolylogError } from "../errors.ts";
import { ALL_STORED, type Stored } from "../record/intake.ts";
import { resourceOf } from "../record/resource.ts";
import { registerIntake } from "../self/figures.ts";
import { createMetrics } from "../self/metrics.ts";
import { createShares } from "../shares.ts";
import { logRecord } from "../store/testing/records.ts";
import { createAdmission, type SourcedIntake } from "./admission.ts";
import { createLedger } from "./ledger.ts";
import { createRateLimiter, type RateLimits } from "./rate-limit.ts";
import { reportIntake } from "./report.ts";
import { toldOf } from "./source.ts";

const NOW = 1_800_000_000_000;
const of = (service: string) => logRecord({ resource: resourceOf(["service.name", service]) });
const many = (service: string, count: number) => Array.from({ length: count }, () => of(service));

/** An intake that commits what it is told to, and keeps the rest waiting. */
function door(limits: RateLimits = { others: null, named: new Map() }, capacity = 1_000_000) {
  const metrics = createMetrics();
  const ledger = createLedger(() => NOW);
  const limiter = createRateLimiter(limits);
  const settle: ((outcome?: Error | Stored) => void)[] = [];
  const write = () =>
    new Promise<Stored>((resolve, reject) => {
      settle.push((outcome = ALL_STORED) => (outcome instanceof Error ? reject(outcome) : resolve(outcome)));
    });
  const intake: SourcedIntake = { writeLogs: write, writeSpans: write };
  const admission = createAdmission({
    intake,
    shares: createShares(capacity),
    limiter,
    ledger,
    counters: metrics.sources,
    clock: () => NOW,
  });
  const report = () => reportIntake({ admission, ledger, limiter }, NOW);
  return { admission, settle, metrics, report };
}

describe("a flood", () => {
  it("is turned away at its share, while another source comes in", async () => {
    const { admission, settle, report } = door();
    const taken: Promise<unknown>[] = [];
    let refusal: unknown;
    for (let i = 0; i < 100 && refusal === undefined; i++) {
      const write = admission.writeLogs(many("flood", 10), 50_000, "otlp");
      write.catch((error: unknown) => {
        refusal = error;
      });
      taken.push(write);
      await Promise.resolve();
      await Promise.resolve();
    }
    expect(refusal).toMatchObject({
      code: "POLYLOG_E_INTAKE_FULL",
      reason: "over_share",
      retryAfterSeconds: expect.any(Number),
    });
    const quiet = admission.writeLogs(many("quiet", 1), 50_000, "jsonl");
    expect(report()).toMatchObject({
      total: { queuedRequests: taken.length },
      receivers: [],
    });
    expect(report().sources.find(({ name }) => name === "flood")).toMatchObject({
      queuedBytes: 50_000 * (taken.length - 1),
      refused: { over_share: 10 },
    });
    for (const done of settle) done();
    await quiet;
    await Promise.allSettled(taken);
    expect(report().total).toMatchObject({
      queuedBytes: 0,
      queuedRequests: 0,
      records: 10 * (taken.length - 1) + 1,
    });
    expect(report().oldestMs).toBe(0);
  });

  it("gives back what it held when the store refuses it", async () => {
    const { admission, settle, report } = door();
    const write = admission.writeLogs(many("shop", 4), 900_000, "otlp");
    settle[0]?.(new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "away", { retryAfterSeconds: 1 }));
    await expect(write).rejects.toMatchObject({ code: "POLYLOG_E_STORE_UNAVAILABLE" });
    expect(report().sources).toMatchObject([
      { name: "shop", queuedBytes: 0, refused: { store_unavailable: 4 } },
    ]);
  });
});

describe("records that can't be stored", () => {
  it("are refused to their sources, and those beside them accepted", async () => {
    const { admission, settle, metrics, report } = door();
    const records = [...many("a", 3), ...many("b", 5)];
    const write = admission.writeLogs(records, 8000, "otlp");
    settle[0]?.({ refused: 6 });
    expect(await write).toEqual({ refused: 6 });
    expect(report().total).toMatchObject({ records: 2, bytes: 8000, queuedBytes: 0 });
    // Which ones is not known: first those of the source that most are of.
    expect(report().sources.map(({ name, records, refused }) => [name, records, refused])).toEqual([
      ["a", 2, { malformed: 1 }],
      ["b", 0, { malformed: 5 }],
    ]);
    const text = await metrics.render();
    expect(text).toContain('polylog_source_records_total{source="a"} 2');
    expect(text).toContain('polylog_source_refused_records_total{source="b",reason="malformed"} 5');
  });
});

describe("tiny records", () => {
  it("are charged to the memory for what they take, and counted as what they came as", async () => {
    const { admission, settle, report } = door({ others: 10, named: new Map() });
    const write = admission.writeLogs(many("shop", 100), 300, "jsonl");
    expect(report().sources).toEqual([]);
    expect([...admission.waiting()]).toMatchObject([{ source: "shop", bytes: 25_600 }]);
    settle[0]?.();
    await write;
    expect(report().total).toMatchObject({ records: 100, bytes: 300, queuedBytes: 0 });
    // Of the limit, 300 bytes are used, which is more than its 50: it owes 250.
    await expect(admission.writeLogs(many("shop", 1), 3, "jsonl")).rejects.toMatchObject({
      reason: "rate_limited",
      retryAfterSeconds: 25,
    });
  });
});

describe("a rate limit", () => {
  it("counts nothing of what is refused for another reason", async () => {
    const { admission, settle } = door({ others: 10, named: new Map() });
    for (let i = 0; i < 20; i++) {
      const refused = admission.writeLogs(many("shop", 2), 45, "otlp");
      settle.at(-1)?.(new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "away", { retryAfterSeconds: 1 }));
      await expect(refused).rejects.toMatchObject({ code: "POLYLOG_E_STORE_UNAVAILABLE" });
    }
    const other = admission.writeLogs(many("other", 2), 950_000, "otlp");
    await expect(admission.writeLogs(many("shop", 2), 60_000, "otlp")).rejects.toMatchObject({
      reason: "over_share",
    });
    settle.at(-1)?.();
    await other;
    const taken = admission.writeLogs(many("shop", 2), 45, "otlp");
    settle.at(-1)?.();
    await taken;
  });

  it("holds for its service, and says when to come back", async () => {
    const { admission, settle, report } = door({ others: null, named: new Map([["shop", 10]]) });
    const first = admission.writeLogs(many("shop", 2), 150, "otlp");
    settle[0]?.();
    await first;
    await expect(admission.writeLogs(many("shop", 2), 1, "otlp")).rejects.toMatchObject({
      code: "POLYLOG_E_INTAKE_FULL",
      reason: "rate_limited",
      retryAfterSeconds: 10,
    });
    const other = admission.writeLogs(many("other", 2), 150, "otlp");
    settle[1]?.();
    await other;
    expect(report().sources.map(({ name, limit, refused }) => [name, limit, refused])).toEqual([
      ["shop", 10, { rate_limited: 2 }],
      ["other", null, {}],
    ]);
  });
});

describe("a part of a request of which others are stored", () => {
  const isUnderWay = true;

  it("is let in when its source has its share, and takes nothing of anybody's", async () => {
    const { admission, settle, report } = door();
    const first = admission.writeLogs(many("shop", 2), 790_000, "jsonl");
    await expect(admission.writeLogs(many("shop", 2), 90_000, "jsonl")).rejects.toMatchObject({
      reason: "over_share",
    });
    const next = admission.writeLogs(many("shop", 2), 900_000, "jsonl", { isUnderWay });
    const other = admission.writeLogs(many("other", 2), 100_000, "jsonl");
    expect(report().total).toMatchObject({ queuedBytes: 1_790_000, queuedRequests: 3 });
    for (const done of settle) done();
    await Promise.all([first, next, other]);
    expect(report().total).toMatchObject({ queuedBytes: 0, records: 6 });
  });

  it("is held up when its source sends too fast, but not refused, and is owed", async () => {
    const { admission, settle } = door({ others: 1000, named: new Map() });
    const write = (bytes: number, options = {}) =>
      admission.writeLogs(many("shop", 1), bytes, "jsonl", options);
    const first = write(5500);
    const begun = performance.now();
    const next = write(10_000, { isUnderWay });
    expect(settle).toHaveLength(1);
    await expect.poll(() => settle.length).toBe(2);
    expect(performance.now() - begun).toBeGreaterThan(900);
    for (const done of settle) done();
    await Promise.all([first, next]);
    await expect(write(1)).rejects.toMatchObject({
      reason: "rate_limited",
      retryAfterSeconds: expect.closeTo(10, -0.5),
    });
  });
});

it("counts a source in /metrics, and no more than a hundred of them", async () => {
  const { admission, settle, metrics } = door();
  for (let i = 0; i < 150; i++) {
    const write = admission.writeLogs([of(`service ${i}`)], 1, "otlp");
    settle[i]?.();
    await write;
  }
  const lines = (await metrics.render())
    .split("\n")
    .filter((line) => line.startsWith("polylog_source_records_total"));
  expect(lines).toHaveLength(101);
  expect(lines).toContain('polylog_source_records_total{source="service 0"} 1');
  expect(lines).toContain('polylog_source_records_total{source="(others)"} 50');
});

it("tells /metrics what waits, how long the last request took and how old its newest record was", async () => {
  const { admission, settle, metrics, report } = door();
  registerIntake(metrics, report);
  const figures = async () =>
    (await metrics.render())
      .split("\n")
      .filter((line) => /^polylog_(source|receiver)_(queued|ack|lag)/.test(line));
  const timed = many("shop", 1).map((record) => ({ ...record, timestamp: BigInt(NOW - 4_000) * 1_000_000n }));
  const first = admission.writeLogs(timed, 100, "otlp");
  settle[0]?.();
  await first;
  const second = admission.writeLogs(timed, 5000, "otlp");
  expect(await figures()).toEqual([
    'polylog_source_queued_bytes{source="shop"} 5000',
    expect.stringMatching(/^polylog_source_ack_seconds\{source="shop"\} 0\.\d+/),
    'polylog_source_lag_seconds{source="shop"} 4',
    'polylog_receiver_queued_bytes{receiver="otlp"} 5000',
    expect.stringMatching(/^polylog_receiver_ack_seconds\{receiver="otlp"\} 0\.\d+/),
    'polylog_receiver_lag_seconds{receiver="otlp"} 4',
  ]);
  settle[1]?.();
  await second;
});

it("keeps figures of no more than 500 sources apart", async () => {
  const { admission, settle, report } = door();
  for (let i = 0; i < 600; i++) {
    const write = admission.writeLogs([of(`service ${i}`)], 1, "otlp");
    settle[i]?.();
    await write;
  }
  expect(report().sources).toHaveLength(501);
  expect(report().sources.find(({ name }) => name === "(others)")?.records).toBe(100);
});

describe("the source of records", () => {
  it.each([
    ["one service", many("shop", 3), "shop"],
    ["most of them", [...many("a", 2), ...many("b", 5)], "b"],
    ["none", many("", 2), "(syslog)"],
    ["a name without end", many("x".repeat(5000), 1), "x".repeat(100)],
  ])("of %s", (_, records, expected) => {
    expect(toldOf(records, "syslog").origin.source).toBe(expected);
  });

  it("is counted for each of them, whosever turn the request is", async () => {
    const records = [...many("a", 3), ...many("b", 5), ...many("a", 1), ...many("", 1)];
    expect(Object.fromEntries(toldOf(records, "syslog").origin.counts)).toEqual({
      a: 4,
      b: 5,
      "(syslog)": 1,
    });
    const { admission, settle, report } = door();
    const write = admission.writeLogs(records, 100, "syslog");
    expect(report().sources).toEqual([]);
    expect([...admission.waiting()]).toMatchObject([{ source: "b", bytes: 10 * 256 }]);
    settle[0]?.();
    await write;
    expect(report().sources.map(({ name, records, bytes }) => [name, records, bytes])).toEqual([
      ["b", 5, 50],
      ["a", 4, 40],
      ["(syslog)", 1, 10],
    ]);
  });
});
