import { describe, expect, test } from "vitest";
import { parseSearch, stringifySearch } from "../../app/address.ts";
import {
  columnsOf,
  columnsParam,
  DEFAULT_COLUMNS,
  facetsOf,
  facetsParam,
  openedOf,
  openedParam,
  rangeOf,
  readSearchParams,
} from "./search-params.ts";

describe("an address", () => {
  test.each([
    [{ q: "500" }],
    [{ q: '"card declined" -path:/health level:>=warn' }],
    [{ q: "a+b & c=d # 100%", from: "now-1h" }],
    [{ q: "größe:Ω \u2028", from: "2026-11-20T14:00:00.000Z", to: "2026-11-20T15:00:00.000Z" }],
    [{ columns: "", live: "on" }],
    [{ open: "912@2026-11-21T12:00:00.000000001Z", order: "asc" }],
  ] as const)("%o comes back as it was", (params) => {
    expect(readSearchParams(parseSearch(stringifySearch(params)))).toEqual(params);
  });

  test("is readable", () => {
    expect(stringifySearch({ q: "service:checkout -path:/health", from: "now-1h" })).toBe(
      "?q=service:checkout+-path:/health&from=now-1h",
    );
  });

  test("without a search has no question mark", () => {
    expect(stringifySearch({ q: undefined })).toBe("");
  });

  test("leaves out what it does not understand", () => {
    expect(readSearchParams({ q: 5, order: "up", live: "yes", open: "", unknown: "x" })).toEqual({});
  });
});

test("without a time it is the last 15 minutes", () => {
  expect(rangeOf({})).toEqual({ from: "now-15m", to: undefined });
  expect(rangeOf({ from: "now-2h" })).toEqual({ from: "now-2h", to: undefined });
});

test("the usual columns are not in the address", () => {
  expect(columnsParam(DEFAULT_COLUMNS)).toBeUndefined();
  expect(columnsOf({})).toEqual(["service", "logger"]);
  expect(columnsOf({ columns: "" })).toEqual([]);
});

test("a name with a comma survives", () => {
  const names = ["a,b", "50%", "c"];
  expect(columnsOf({ columns: columnsParam(names) ?? "" })).toEqual(names);
  expect(facetsOf({ facets: facetsParam(names) ?? "" })).toEqual(names);
});

test("twins and blanks of an address typed by hand are dropped, and there is an end to them", () => {
  expect(columnsOf({ columns: "a, a,,b" })).toEqual(["a", "b"]);
  expect(
    columnsOf({ columns: Array.from({ length: 99 }, (_, index) => `c${index}`).join(",") }),
  ).toHaveLength(12);
});

test.each([
  ["912@2026-11-21T12:00:00Z", { id: "912", time: "2026-11-21T12:00:00Z" }],
  ["x@2026-11-21T12:00:00Z", undefined],
  ["912", undefined],
])("the open record %s", (open, expected) => {
  expect(openedOf({ open })).toEqual(expected);
  if (expected) expect(openedParam(expected)).toBe(open);
});
