import { expect, it } from "vitest";
import { positiveOf, someOf } from "./environment.ts";

const KNOWN = ["otlp", "console"] as const;

it.each<[string | undefined, readonly string[] | undefined, number]>([
  [undefined, undefined, 0],
  ["", undefined, 0],
  [" , ", undefined, 0],
  ["otlp", ["otlp"], 0],
  ["OTLP, console", ["otlp", "console"], 0],
  ["jaeger, console", ["console"], 1],
  ["jaeger", undefined, 1],
  ["jaeger,zipkin", undefined, 2],
])("of a list of %j, %j counts", (text, expected, warnings) => {
  const told: string[] = [];
  const values = someOf(KNOWN, { LIST: text }, "LIST", (_code, message) => told.push(message));
  expect(values).toEqual(expected);
  expect(told).toHaveLength(warnings);
});

it.each<[string | undefined, number | undefined, number]>([
  [undefined, undefined, 0],
  ["", undefined, 0],
  ["7", 7, 0],
  ["0", undefined, 1],
  ["-1", undefined, 1],
  ["many", undefined, 1],
])("of a size of %j, %j counts", (text, expected, warnings) => {
  const told: string[] = [];
  expect(positiveOf({ SIZE: text }, "SIZE", (_code, message) => told.push(message))).toBe(expected);
  expect(told).toHaveLength(warnings);
});
