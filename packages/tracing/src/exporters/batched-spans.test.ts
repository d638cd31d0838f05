import { type ExportResult, ExportResultCode } from "@opentelemetry/core";
import { BasicTracerProvider, type ReadableSpan, type SpanExporter } from "@opentelemetry/sdk-trace-base";
import { beforeEach, describe, expect, it } from "vitest";
import { createBatchedSpans } from "./batched-spans.ts";

/** Answers when the test says so. */
interface SlowExporter extends SpanExporter {
  readonly batches: readonly ReadableSpan[][];
  answer(result: ExportResult): void;
}

function slowExporter(): SlowExporter {
  const batches: ReadableSpan[][] = [];
  const unanswered: ((result: ExportResult) => void)[] = [];
  return {
    batches,
    export(spans, done) {
      batches.push(spans);
      unanswered.push(done);
    },
    answer(result) {
      for (const done of unanswered.splice(0)) done(result);
    },
    shutdown: async () => {},
  };
}

const SUCCESS = { code: ExportResultCode.SUCCESS };
const FAILED = { code: ExportResultCode.FAILED, error: new Error("no") };
const sent = ({ batches }: SlowExporter) => batches.flat().length;

let lost = 0;
let full = 0;
let failures: unknown[] = [];
beforeEach(() => {
  [lost, full, failures] = [0, 0, []];
});

function batchesOf(exporter: SpanExporter, { mostAtOnce = 4, queueSize = 1000, isAway = false } = {}) {
  const spans = createBatchedSpans(exporter, {
    mostAtOnce,
    queueSize,
    onLost: (count) => {
      lost += count;
    },
    onFull: () => full++,
    outage: { isAway, lost() {}, failed: (error) => failures.push(error), succeeded() {} },
  });
  const tracer = new BasicTracerProvider({ spanProcessors: [spans] }).getTracer("test");
  return { spans, end: (count: number) => endSpans(count, () => tracer.startSpan("work").end()) };
}

function endSpans(count: number, end: () => void): void {
  for (let i = 0; i < count; i++) end();
}

describe("spans that end in one turn", () => {
  it("are sent while more of them end than the queue has room for", async () => {
    const exporter = slowExporter();
    const { spans, end } = batchesOf(exporter, { mostAtOnce: 16 });
    end(3_000);
    const flushed = spans.forceFlush();
    expect([sent(exporter), lost]).toEqual([3_000, 0]);
    exporter.answer(SUCCESS);
    await flushed;
  });

  it("are counted where neither queue nor exporter has room, and so is every one of them", () => {
    const exporter = slowExporter();
    const { spans, end } = batchesOf(exporter);
    end(10_000);
    void spans.forceFlush();
    expect(exporter.batches).toHaveLength(4);
    expect(full).toBe(lost);
    expect(lost).toBeGreaterThan(0);
    expect(spans.held().length + lost).toBe(10_000);
  });

  it("are not held without bound, however often they are flushed", () => {
    const { spans, end } = batchesOf(slowExporter());
    for (let i = 0; i < 50; i++) {
      end(1_000);
      void spans.forceFlush();
    }
    expect(spans.held().length).toBeLessThanOrEqual(4 * 512 + 2 * 1_000);
    expect(spans.held().length + lost).toBe(50_000);
  });

  it("wait for their turn where one is away: it isn't asked more often than by one batch after the other", () => {
    const exporter = slowExporter();
    batchesOf(exporter, { isAway: true }).end(3_000);
    expect(exporter.batches).toHaveLength(1);
  });
});

describe("batches", () => {
  it("follow one another when those before them are answered", async () => {
    const exporter = slowExporter();
    const { spans, end } = batchesOf(exporter, { mostAtOnce: 1, queueSize: 2_000 });
    end(1_500);
    const flushed = spans.forceFlush();
    expect(exporter.batches).toHaveLength(1);
    for (let answers = 0; answers < 3; answers++) exporter.answer(SUCCESS);
    await flushed;
    expect([sent(exporter), lost, spans.held()]).toEqual([1_500, 0, []]);
  });

  it.each<[string, SpanExporter["export"]]>([
    ["refuses them", (_spans, done) => done(FAILED)],
    [
      "throws",
      () => {
        throw FAILED.error;
      },
    ],
    ["answers twice", (_spans, done) => [done(FAILED), done(FAILED)]],
  ])("are lost, once each, with an exporter that %s", async (_name, send) => {
    const { spans, end } = batchesOf({ export: send, shutdown: async () => {} });
    end(7);
    await spans.shutdown();
    expect([lost, failures, spans.held()]).toEqual([7, [FAILED.error], []]);
  });

  it("that were given up stay lost when the answer comes late", () => {
    const exporter = slowExporter();
    const { spans, end } = batchesOf(exporter);
    end(7);
    void spans.forceFlush();
    expect(spans.giveUp()).toHaveLength(7);
    exporter.answer(FAILED);
    expect([lost, failures, spans.held()]).toEqual([7, [], []]);
  });
});

it("an exporter that never answers is shut down all the same, when its spans were given up", async () => {
  let isShut = false;
  const { spans, end } = batchesOf({
    export() {},
    shutdown: async () => {
      isShut = true;
    },
  });
  end(1);
  void spans.shutdown();
  // By then it waits for the answer.
  await new Promise((resolve) => setImmediate(resolve));
  spans.giveUp();
  await expect.poll(() => isShut).toBe(true);
});

it("nothing is counted of spans that aren't kept, and of those after the end", async () => {
  const exporter = slowExporter();
  const { spans, end } = batchesOf(exporter);
  const ended = spans.shutdown();
  end(2_000);
  await ended;
  expect([sent(exporter), lost]).toEqual([0, 0]);
});
