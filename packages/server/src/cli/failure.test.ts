import { EngineError } from "@polylog/engine";
import { expect, it } from "vitest";
import { type ErrorCode, PolylogError } from "../errors.ts";
import { colours } from "./colours.ts";
import { exitCodeOf, failureText, pointAt } from "./failure.ts";

it.each<[query: string, start: number, end: number, text: string, marks: string]>([
  ["level:", 6, 6, "level:", "      ^"],
  ["a AND AND b", 6, 9, "a AND AND b", "      ^^^"],
  ["👍 )", 3, 4, "👍 )", "  ^"],
  ["a\nb )", 4, 5, "a b )", "    ^"],
  ["a\u001b[31mb )", 8, 9, "a [31mb )", "        ^"],
  ["abc", 90, 95, "abc", "   ^"],
])("points into %j", (query, start, end, text, marks) => {
  expect(pointAt(query, { start, end })).toEqual({ text, marks });
});

it("shows of a long query what is around the place", () => {
  const { text, marks } = pointAt(`${"x ".repeat(5000)})${" y".repeat(5000)}`, {
    start: 10_000,
    end: 10_001,
  });
  expect(text.length).toBeLessThan(130);
  expect(text[marks.indexOf("^")]).toBe(")");
});

it("says what is wrong, where, and what to do", () => {
  const error = new PolylogError("POLYLOG_E_QUERY_SYNTAX", "A value is missing.", {
    position: { start: 6, end: 6 },
    expected: ["a word", "a phrase"],
  });
  expect(failureText(error, colours(false), "level:")).toBe(
    "polylog: A value is missing.\n  level:\n        ^\nExpected a word, a phrase.",
  );
});

it("neutralises what a server says", () => {
  const error = new PolylogError("POLYLOG_E_BAD_REQUEST", "no\u001b[2J.", { remedy: "try\u0007" });
  expect(failureText(error, colours(false))).toBe("polylog: no\\x1b[2J.\ntry\\x07");
});

it("says an error of the engine as one of its own", () => {
  const error = new EngineError("POLYLOG_E_ENGINE_DIRECTORY_LOCKED", "The directory is in use", {
    remedy: "Wait.",
  });
  expect(failureText(error, colours(false))).toBe("polylog: The directory is in use.\nWait.");
  expect(exitCodeOf(error)).toBe(2);
});

it.each<[code: ErrorCode, exit: number]>([
  ["POLYLOG_E_QUERY_SYNTAX", 2],
  ["POLYLOG_E_CONFIG", 2],
  ["POLYLOG_E_SERVER_AWAY", 3],
  ["POLYLOG_E_STORE_UNAVAILABLE", 3],
  ["POLYLOG_E_UNAUTHORIZED", 2],
])("%s ends with %i", (code, exit) => {
  expect(exitCodeOf(new PolylogError(code, "x"))).toBe(exit);
});

it("tells a fault from an interruption", () => {
  expect(exitCodeOf(new TypeError("x"))).toBe(70);
  expect(exitCodeOf(new DOMException("x", "AbortError"))).toBe(130);
});
