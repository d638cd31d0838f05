import { parseQuery } from "@polylog/server/query";
import { expect, test } from "vitest";
import { withDuration } from "./duration-filter.ts";

test.each([
  ["", 1.5e6, 2e9, "duration:[1.5ms TO 2s]"],
  ["*", 1, 999, "duration:[1ns TO 999ns]"],
  ["service:cart", 1e6, 1.23456e9, "service:cart duration:[1ms TO 1.23s]"],
  ["service:cart duration:>1s", 2e9, 3e9, "service:cart duration:[2s TO 3s]"],
  ["duration:>1s duration:<5s", 2e9, 3e9, "duration:[2s TO 3s]"],
  ["a OR b", 1e3, 1e6, "(a OR b) duration:[1us TO 1ms]"],
  ["(a OR b) duration:[1s TO 2s]", 1e3, 1e6, "(a OR b) duration:[1us TO 1ms]"],
])("%j from %d to %d is %j", (query, shortest, longest, expected) => {
  const next = withDuration(query, shortest, longest);
  expect(next).toBe(expected);
  expect(parseQuery(next, { target: "traces" }).ok).toBe(true);
});
