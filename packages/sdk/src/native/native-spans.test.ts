import { afterEach, expect, it } from "vitest";
import type { TraceIds } from "../logger/record.ts";
import { isolatedPolylog } from "../testing/isolated-polylog.ts";
import { connectNative } from "./index.ts";
import type { NativeSpan } from "./native-span.ts";
import { takeNativeSpans } from "./span-taker.ts";
import { batchOf, type FakeAddon, type FakeSpan, fakeAddon, spanBatchOf } from "./testing/fake-addon.ts";

const TRACE = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };
const NUMBER_BITS = 2 ** 32;

const ends: (() => void)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

function taking() {
  const spans: NativeSpan[] = [];
  const lost: number[] = [];
  const end = takeNativeSpans({ take: (span) => spans.push(span), lost: (count) => lost.push(count) });
  ends.push(end);
  return { spans, lost, end };
}

function connected(changes: Partial<FakeAddon> = {}) {
  const { polylog, records } = isolatedPolylog();
  const addon = Object.assign(fakeAddon(), changes);
  connectNative(addon, { polylog });
  const captureIn = (trace: TraceIds) =>
    polylog.withContext({ invocation: "run-1", trace }, () => addon.capture());
  return { polylog, addon, records, captureIn };
}

const span = (changes: Partial<FakeSpan> = {}): FakeSpan => ({
  target: "my_core::price",
  name: "price",
  context: 0,
  id: [0x01020304, 0x0a],
  ...changes,
});

it("a span goes to the taker with its ids, those of the context's trace, and its times", () => {
  const { spans } = taking();
  const { addon, captureIn } = connected();
  const context = captureIn(TRACE) % NUMBER_BITS;
  const inner = span({ name: "inner", context, id: [0xffffffff, 1], parent: [0x01020304, 0x0a] });
  addon.waiting.push(spanBatchOf(inner, span({ context, fields: { order: "seven" } })));
  addon.drain();
  const common = {
    logger: "my_core::price",
    level: "info",
    system: "rust",
    traceId: TRACE.traceId,
    traceFlags: 1,
    start: [10, 250_000_000],
    end: [11, 500],
    kind: "internal",
    status: { code: "unset" },
  };
  expect(spans).toEqual([
    {
      ...common,
      name: "inner",
      spanId: "ffffffff00000001",
      parentSpanId: "010203040000000a",
      attributes: {},
    },
    {
      ...common,
      name: "price",
      spanId: "010203040000000a",
      parentSpanId: TRACE.spanId,
      attributes: { order: "seven" },
    },
  ]);
});

it("a record carries the id of the native span that it was made in, and its context", () => {
  taking();
  const { addon, captureIn, records } = connected();
  const context = captureIn(TRACE) % NUMBER_BITS;
  const record = { target: "a", rank: 2, message: "in", context };
  addon.waiting.push(
    batchOf({ ...record, span: [1, 2] }, { ...record, span: [1, 2] }, { ...record, span: [3, 4] }, record),
  );
  addon.drain();
  expect(records.map(({ trace }) => trace?.spanId)).toEqual([
    "0000000100000002",
    "0000000100000002",
    "0000000300000004",
    TRACE.spanId,
  ]);
  for (const { trace, context } of records) {
    expect(trace).toMatchObject({ traceId: TRACE.traceId, traceFlags: 1 });
    expect(context?.invocationId).toBe("run-1");
  }
});

it.each<[string, { taker?: boolean; trace?: TraceIds; spanVersion?: number }, boolean]>([
  ["where somebody takes them and the trace is kept", {}, true],
  ["not while nobody takes them", { taker: false }, false],
  ["not where the trace isn't kept", { trace: { ...TRACE, traceFlags: 0 } }, false],
  ["not of an addon from before there were any", { spanVersion: 0 }, false],
  ["not of an addon with spans of another format", { spanVersion: 2 }, false],
])("spans are asked for %s", (_, { taker = true, trace = TRACE, spanVersion = 1 }, isAsked) => {
  if (taker) taking();
  const { captureIn } = connected({ spanVersion });
  const number = captureIn(trace);
  expect(number).toBeGreaterThan(0);
  expect(number >= NUMBER_BITS).toBe(isAsked);
});

it("the same span is told by the same number, and another by another", () => {
  taking();
  const { captureIn } = connected();
  const tagOf = (trace: TraceIds) => Math.floor(captureIn(trace) / NUMBER_BITS);
  expect(tagOf(TRACE)).toBe(tagOf({ ...TRACE }));
  expect(tagOf({ ...TRACE, spanId: "b7ad6b7169203332" })).not.toBe(tagOf(TRACE));
  expect(captureIn({ ...TRACE, spanId: "ffffffffffffffff" })).toBeLessThan(Number.MAX_SAFE_INTEGER);
});

it.each<[string, FakeSpan["fields"], boolean, Partial<NativeSpan>]>([
  ["otel.name is its name", { "otel.name": "GET /" }, false, { name: "GET /", attributes: {} }],
  ["otel.kind is its kind, in any case", { "otel.kind": "Client" }, false, { kind: "client" }],
  ["a kind that there isn't is internal", { "otel.kind": "odd" }, false, { kind: "internal" }],
  ["an error in it is its status", {}, true, { status: { code: "error" } }],
  [
    "a field error is its status, and stays",
    { error: "refused" },
    false,
    { status: { code: "error", message: "refused" }, attributes: { error: "refused" } },
  ],
  [
    "what it says of its status holds",
    { "otel.status_code": "OK", error: "x" },
    true,
    { status: { code: "ok" } },
  ],
  [
    "so does its description",
    { "otel.status_code": "ERROR", "otel.status_description": "too late" },
    false,
    { status: { code: "error", message: "too late" }, attributes: {} },
  ],
])("of a span's fields %s", (_, fields = {}, hasFailed, expected) => {
  const { spans } = taking();
  const { addon, captureIn } = connected();
  addon.waiting.push(spanBatchOf(span({ context: captureIn(TRACE) % NUMBER_BITS, fields, hasFailed })));
  addon.drain();
  expect(spans).toEqual([expect.objectContaining(expected)]);
});

it("spans that were lost on the way are told once each, and are no lost records", () => {
  const { spans, lost } = taking();
  const { addon, polylog } = connected();
  addon.lostSpans = 3;
  addon.waiting.push(spanBatchOf(span({ context: 99 })));
  addon.drain();
  addon.drain();
  expect(spans).toEqual([]);
  expect(lost.reduce((sum, count) => sum + count, 0)).toBe(4);
  expect(polylog.droppedLogCount()).toBe(0);
});

it("spans that were lost before this thread read, or are another's to tell, are not told", () => {
  const { lost } = taking();
  const { addon } = connected({ lostSpans: 5 });
  addon.drain();
  addon.lostSpans = 7;
  addon.drain();
  expect(lost).toEqual([2]);
  // Another thread reads for native ones from now on.
  addon.lostSpans = 0;
  addon.drain();
  addon.lostSpans = 1;
  addon.drain();
  expect(lost).toEqual([2, 1]);
});

it("a span that can't be read, or that its taker can't take, is a lost span, and those behind it come", () => {
  const names: string[] = [];
  const lost: number[] = [];
  const take = ({ name }: NativeSpan) => {
    if (name === "bad") throw new Error("no");
    names.push(name);
  };
  ends.push(takeNativeSpans({ take, lost: (count) => lost.push(count) }));
  const { addon, captureIn, polylog } = connected();
  const context = captureIn(TRACE) % NUMBER_BITS;
  addon.waiting.push(spanBatchOf(span({ context, name: "bad" }), span({ context, name: "good" })));
  addon.drain();
  expect(names).toEqual(["good"]);
  expect(lost).toEqual([1]);
  expect(polylog.droppedLogCount()).toBe(0);
});

it("whoever ends taking them gets what lies ready before", () => {
  const { spans, end } = taking();
  const { addon, captureIn } = connected();
  const context = captureIn(TRACE) % NUMBER_BITS;
  addon.waiting.push(spanBatchOf(span({ context })));
  end();
  addon.waiting.push(spanBatchOf(span({ context })));
  addon.drain();
  expect(spans).toHaveLength(1);
});
