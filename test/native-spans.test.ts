import { expect, it } from "vitest";
import { nativePrograms } from "./native-program.ts";

/** Spans of Rust's `tracing` in the traces of the application, of an addon and a tracing that are set up as people do. */

const { run } = nativePrograms();

/** Prints each span that is sent. */
const PRINT = `import { initTracing, trace } from "@polylog/tracing";
  import * as polylog from "polylog";
  const exporter = {
    export(spans, done) {
      for (const span of spans) console.log(JSON.stringify({
        name: span.name, kind: span.kind, id: span.spanContext().spanId, parent: span.parentSpanContext?.spanId,
        trace: span.spanContext().traceId, attributes: span.attributes, status: span.status.code,
        scope: span.instrumentationScope.name, language: span.resource.attributes["telemetry.sdk.language"],
        start: span.startTime, end: span.endTime,
      }));
      done({ code: 0 });
    },
    shutdown: async () => {},
  };`;

const START = "initTracing({ exporter, instrumentations: false });";
const CALL = 'const addon = load(); trace("call", () => addon.spansInContext());';

interface Printed {
  readonly name: string;
  readonly id: string;
  readonly parent?: string;
  readonly trace: string;
  readonly start: readonly [number, number];
  readonly end: readonly [number, number];
}

function spansIn(stdout: string): Map<string, Printed> {
  const lines = stdout.split("\n").filter((line) => line.startsWith("{"));
  const spans = lines.map((line) => JSON.parse(line) as Printed);
  return new Map(spans.map((span) => [span.name, span]));
}

it("spans of Rust are children of JavaScript's and of one another, on any thread, with their records", async (context) => {
  const { stdout, stderr, records } = await run(context, `${PRINT} ${START} ${CALL}`);
  const spans = spansIn(stdout);
  const [call, price, lookUp] = ["call", "price", "look up"].map((name) => spans.get(name));
  expect(spans.size, stderr).toBe(3);
  expect(price).toMatchObject({
    parent: call?.id,
    trace: call?.trace,
    kind: 0,
    status: 0,
    attributes: { order: 7, cents: 1750 },
    scope: "my_core::price",
    language: "rust",
  });
  expect(lookUp).toMatchObject({
    parent: price?.id,
    trace: call?.trace,
    kind: 2,
    status: 2,
    attributes: {},
    scope: "my_core::cache",
  });
  expect(isWithin(lookUp, price)).toBe(true);
  expect(records.map(({ message, trace_id, span_id }) => [message, trace_id, span_id])).toEqual([
    ["by log", call?.trace, price?.id],
    ["cold", call?.trace, lookUp?.id],
    ["after", call?.trace, call?.id],
  ]);
});

it.for([
  [
    "the trace isn't kept",
    `process.env.OTEL_TRACES_SAMPLER = "always_off"; ${START} ${CALL}`,
    // Of the call, where its context was entered.
    [true, false, true],
  ],
  ["tracing isn't started", CALL, [false, false, false]],
  [
    "tracing has ended",
    `const { shutdownTracing } = await import("@polylog/tracing"); ${START} await shutdownTracing(); ${CALL}`,
    [false, false, false],
  ],
] as const)("there are none where %s, and records are as ever", async ([, program, areTraced], context) => {
  const { stdout, stderr, records, messages } = await run(context, `${PRINT} ${program}`);
  expect(stdout, stderr).toBe("");
  expect(messages).toEqual(["by log", "cold", "after"]);
  expect(records.map(({ span_id }) => span_id !== undefined)).toEqual(areTraced);
  expect(records[0]?.span_id).toBe(records[2]?.span_id);
});

it("a span whose level is off is none, and its children are its parent's", async (context) => {
  const program = `${PRINT} ${START} polylog.setFilter("info,my_core::price=warn"); ${CALL}`;
  const { stdout, stderr } = await run(context, program);
  const spans = spansIn(stdout);
  expect([...spans.keys()].sort(), stderr).toEqual(["call", "look up"]);
  expect(spans.get("look up")?.parent).toBe(spans.get("call")?.id);
});

it("spans that end right before the process does are sent", async (context) => {
  const program = `${PRINT} ${START} ${CALL} process.exit(0);`;
  const { stdout, stderr } = await run(context, program);
  expect([...spansIn(stdout).keys()].sort(), stderr).toEqual(["call", "look up", "price"]);
});

function isWithin(inner: Printed | undefined, outer: Printed | undefined): boolean {
  if (inner === undefined || outer === undefined) return false;
  const of = ([seconds, nanoseconds]: readonly [number, number]) =>
    BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds);
  return of(outer.start) <= of(inner.start) && of(inner.end) <= of(outer.end);
}
