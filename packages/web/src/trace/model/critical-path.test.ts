import type { SpanRow } from "@polylog/server/contract";
import { expect, test } from "vitest";
import { outlineOf } from "../../../testing/outline.ts";
import { span } from "../../../testing/row.ts";
import { traceModel } from "./trace-model.ts";

const MS = 1_000_000;

/** The path as `name:start-end` in milliseconds. */
function path(...spans: readonly SpanRow[]): readonly string[] {
  const model = traceModel(outlineOf(spans));
  return [...model.critical]
    .flatMap(([place, segments]) =>
      segments.map(({ start, end }) => ({
        start,
        text: `${model.spans[place]?.id}:${start / MS}-${end / MS}`,
      })),
    )
    .sort((a, b) => a.start - b.start)
    .map(({ text }) => text);
}

test("a span alone is its own path", () => {
  expect(path(span("a", "", 0, 10))).toEqual(["a:0-10"]);
});

test("what runs one after the other is all on it", () => {
  expect(path(span("a", "", 0, 10), span("b", "a", 1, 3), span("c", "a", 5, 4))).toEqual([
    "a:0-1",
    "b:1-4",
    "a:4-5",
    "c:5-9",
    "a:9-10",
  ]);
});

test("of what runs side by side, only the last to end is", () => {
  expect(path(span("a", "", 0, 10), span("short", "a", 1, 3), span("long", "a", 1, 8))).toEqual([
    "a:0-1",
    "long:1-9",
    "a:9-10",
  ]);
});

test("it goes down into children of children", () => {
  expect(path(span("a", "", 0, 10), span("b", "a", 2, 6), span("c", "b", 3, 2))).toEqual([
    "a:0-2",
    "b:2-3",
    "c:3-5",
    "b:5-8",
    "a:8-10",
  ]);
});

test("a child that goes on after the answer counts up to it", () => {
  expect(path(span("a", "", 0, 10), span("late", "a", 8, 50))).toEqual(["a:0-8", "late:8-10"]);
});

test("its stretches cover the root without overlap", () => {
  const spans = Array.from({ length: 200 }, (_, index) =>
    span(`s${index}`, index === 0 ? "" : `s${Math.floor((index - 1) / 3)}`, index, 400 - index),
  );
  const model = traceModel(outlineOf(spans));
  const covered = [...model.critical.values()].flat().reduce((sum, { start, end }) => sum + end - start, 0);
  expect(covered).toBe(400 * MS);
});
