import { createContextKey, INVALID_SPAN_CONTEXT, ROOT_CONTEXT, trace } from "@opentelemetry/api";
import { expect, it } from "vitest";
import { withParent } from "./parent-context.ts";

const KEY = createContextKey("a value of the application");
const OTHER = createContextKey("another");
const span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
const later = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
const rest = ROOT_CONTEXT.setValue(KEY, "value");

it.each([
  ["as it is", () => withParent(rest, span), [span, "value", undefined]],
  ["with a later parent", () => withParent(withParent(rest, span), later), [later, "value", undefined]],
  ["with a later span", () => trace.setSpan(withParent(rest, span), later), [later, "value", undefined]],
  ["without a span", () => trace.deleteSpan(withParent(rest, span)), [undefined, "value", undefined]],
  ["with another value", () => withParent(rest, span).setValue(OTHER, 1), [span, "value", 1]],
  ["with a value replaced", () => withParent(rest, span).setValue(KEY, "new"), [span, "new", undefined]],
  ["without a value", () => withParent(rest, span).deleteValue(KEY), [span, undefined, undefined]],
])("a context with a parent, %s, says what any context would", (_what, make, expected) => {
  const context = make();
  expect([trace.getSpan(context), context.getValue(KEY), context.getValue(OTHER)]).toEqual(expected);
  expect(trace.getSpan(context)).toBe(expected[0]);
});

it("a context isn't changed by those made from it", () => {
  const context = withParent(rest, span);
  trace.deleteSpan(context.setValue(KEY, "new"));
  withParent(context, later);
  expect([trace.getSpan(context), context.getValue(KEY)]).toEqual([span, "value"]);
  expect(trace.getSpan(context)).toBe(span);
  expect(trace.getSpan(rest)).toBeUndefined();
});

it("a hundred thousand contexts made from each other are read at once", () => {
  let context = rest;
  for (let i = 0; i < 100_000; i++) context = withParent(context, span);
  expect(context.getValue(KEY)).toBe("value");
});
