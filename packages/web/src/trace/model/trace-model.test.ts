import type { LogRow, SpanRow } from "@polylog/server/contract";
import { describe, expect, test } from "vitest";
import { outlineOf } from "../../../testing/outline.ts";
import { row, span } from "../../../testing/row.ts";
import { serviceColors } from "./service-color.ts";
import { traceModel } from "./trace-model.ts";
import { spanMatches, visibleSpans } from "./visible-spans.ts";

const MS = 1_000_000;
const modelOf = (spans: readonly SpanRow[], logs: readonly LogRow[] = []) =>
  traceModel(outlineOf(spans, logs));
const order = (spans: readonly SpanRow[]) =>
  modelOf(spans).spans.map(({ id, depth }) => `${"-".repeat(depth)}${id}`);

test("parents come before children, children by their start", () => {
  expect(
    order([span("b", "a", 5, 1), span("c", "a", 2, 1), span("d", "c", 3, 1), span("a", "", 0, 10)]),
  ).toEqual(["a", "-c", "--d", "-b"]);
});

test("a span without its parent is a root, and says so", () => {
  const model = modelOf([span("a", "", 0, 10), span("b", "gone", 3, 1)]);
  expect(model.spans.map(({ isOrphan }) => isOrphan)).toEqual([false, true]);
});

test("a ring of parents, a span that is its own parent and twin ids each appear once", () => {
  expect(order([span("a", "b", 0, 1), span("b", "a", 1, 1), span("c", "c", 2, 1)]).toSorted()).toEqual([
    "-b",
    "a",
    "c",
  ]);
  expect(order([span("a", "", 0, 1), span("a", "", 1, 1)])).toEqual(["a", "a"]);
});

describe("a call whose halves share an id, as Zipkin has it", () => {
  const client = span("b", "a", 1, 8, { name: "call", kind: "Client", service: "web" });
  const server = span("b", "a", 2, 6, { name: "serve", kind: "Server", service: "shop" });
  const root = span("a", "", 0, 10, { kind: "Server", service: "web" });
  const names = (spans: readonly SpanRow[]) =>
    modelOf(spans).spans.map(({ name, depth }) => `${"-".repeat(depth)}${name}`);

  test.each([
    ["in the order of time", [root, client, server]],
    ["also with clocks that differ", [root, { ...server, timestamp: root.timestamp }, client]],
  ])("has the called half below the caller's, %s", (_, spans) => {
    expect(names(spans)).toEqual(["a", "-call", "--serve"]);
  });

  test("has the children at the called half, but for those of the caller", () => {
    const query = span("c", "b", 3, 1, { service: "shop" });
    const broker = span("d", "b", 4, 1, { service: "db" });
    const retry = span("e", "b", 5, 1, { service: "web" });
    expect(names([root, client, server, query, broker, retry])).toEqual([
      ...["a", "-call", "--serve", "---c", "---d", "--e"],
    ]);
  });

  test("is not torn apart without the caller's half", () => {
    expect(names([root, server])).toEqual(["a", "-serve"]);
  });

  test("has halves that are opened and folded by themselves", () => {
    const { spans } = modelOf([root, client, server, span("c", "b", 3, 1, { service: "shop" })]);
    expect(spans.map(({ key }) => key)).toEqual(["a", "b", "b~1", "c"]);
    expect(visibleSpans(spans, new Set(["b~1"]))).toEqual([0, 1, 2]);
    expect(visibleSpans(spans, new Set(["b"]))).toEqual([0, 1]);
  });
});

test("spans that were sent twice are each there, with the children of the first", () => {
  const sent = [span("a", "", 0, 10, { kind: "Client" }), span("b", "a", 1, 1)];
  expect(order([...sent, ...sent])).toEqual(["a", "-b", "-b", "a"]);
});

test("a chain of 20,000 spans is laid out", () => {
  const chain = Array.from({ length: 20_000 }, (_, index) =>
    span(`s${index}`, index === 0 ? "" : `s${index - 1}`, 0, 1),
  );
  const model = modelOf(chain);
  expect(model.spans).toHaveLength(20_000);
  expect(model.spans[0]?.descendants).toBe(19_999);
});

test("times count from the first start, which need not be the root's", () => {
  const model = modelOf([span("a", "", 10, 10), span("b", "a", 8, 30)]);
  expect(model.duration).toBe(30 * MS);
  expect(model.spans.map(({ start, end }) => [start / MS, end / MS])).toEqual([
    [2, 12],
    [0, 30],
  ]);
});

test("logs lie on their spans, others are kept aside", () => {
  const timestamp = "2026-11-21T00:00:00.005000000Z";
  const model = modelOf(
    [span("a", "", 0, 10)],
    [row({ id: "1", spanId: "a", timestamp }), row({ id: "2", spanId: "x", timestamp })],
  );
  expect(model.spans[0]?.logs.map(({ at }) => at)).toEqual([5 * MS]);
  expect(model.looseLogs.map(({ row: { id } }) => id)).toEqual(["2"]);
});

test("a folded span hides all below it", () => {
  const { spans } = modelOf(
    [span("a", "", 0, 9), span("b", "a", 1, 1), span("c", "b", 1, 1), span("d", "a", 4, 1)],
    [],
  );
  expect(visibleSpans(spans, new Set(["b"]))).toEqual([0, 1, 3]);
  expect(visibleSpans(spans, new Set(["a"]))).toEqual([0]);
});

test.each([
  ["PAY", true],
  ["card=vi", true],
  ["nothing", false],
])("searching the spans for %s", (text, expected) => {
  const { spans } = modelOf([span("a", "", 0, 1, { name: "pay", attributes: { card: "visa" } })]);
  expect(
    spans.some((one) => spanMatches(one, text, span(one.id, "", 0, 1, { attributes: { card: "visa" } }))),
  ).toBe(expected);
});

test("services have different colours, the same in every trace", () => {
  const colors = serviceColors(["a", "b", "c", "d", "e", "f", "g", "h"]);
  expect(new Set(colors.values()).size).toBe(8);
  expect(serviceColors(["checkout"]).get("checkout")).toBe(serviceColors(["checkout", "x"]).get("checkout"));
});
