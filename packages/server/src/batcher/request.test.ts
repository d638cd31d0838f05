import { describe, expect, it } from "vitest";
import { countRecords, halve, type RequestPart, settle, type WriteRequest } from "./request.ts";

function requestOf(records: readonly string[], outcome: unknown[] = []): WriteRequest<string> {
  return {
    records,
    receiver: "test",
    bytes: 1,
    since: 0,
    refused: 0,
    resolve: () => outcome.push("stored"),
    reject: (error) => outcome.push(error.message),
  };
}

function part(...records: string[]): RequestPart<string> {
  return { request: requestOf(records), records, receiver: "test" };
}

describe("halves", () => {
  it.each([
    { parts: [["a", "b", "c", "d"]], first: [["a", "b"]], second: [["c", "d"]] },
    { parts: [["a", "b", "c"]], first: [["a"]], second: [["b", "c"]] },
    { parts: [["a"], ["b"]], first: [["a"]], second: [["b"]] },
    { parts: [["a"], ["b", "c", "d"]], first: [["a"], ["b"]], second: [["c", "d"]] },
    { parts: [["a", "b", "c"], ["d"]], first: [["a", "b"]], second: [["c"], ["d"]] },
    { parts: [["a"]], first: [], second: [["a"]] },
  ])("of $parts are $first and $second", ({ parts, first, second }) => {
    const halves = halve(parts.map((records) => part(...records)));
    expect(halves.map((half) => half.map(({ records }) => records))).toEqual([first, second]);
    expect(countRecords(halves.flat())).toBe(parts.flat().length);
  });
});

describe("settling", () => {
  it("says that all is stored", () => {
    const outcome: unknown[] = [];
    settle(requestOf(["a"], outcome));
    expect(outcome).toEqual(["stored"]);
  });

  it("says how many can't be stored", () => {
    const outcome: unknown[] = [];
    settle({ ...requestOf(["a", "b", "c"], outcome), refused: 2 });
    expect(outcome).toEqual(["2 of 3 records can't be stored."]);
  });
});
