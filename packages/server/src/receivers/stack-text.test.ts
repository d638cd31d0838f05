import { expect, it } from "vitest";
import { exceptionOfStack } from "../formats/lines/exception.ts";
import { positionOf, type StackFrame, stackText, type ThrownError } from "./stack-text.ts";

const frame = (name: string, line: number, more: Partial<StackFrame> = {}): StackFrame => ({
  ...{ function: name, file: "/app/shop.js", line, column: 0, source: "" },
  ...more,
});
const thrown: ThrownError = {
  ...{ type: "OrderError", message: "order 7 is lost" },
  frames: [frame("lose", 3, { column: 9, source: "  raise OrderError()  " }), frame("", 1, { file: "" })],
};
const cause: ThrownError = { type: "Error", message: "", frames: [frame("open", 0)] };

it("writes a trace as JavaScript and Java do", () => {
  expect(stackText([thrown, cause], "node")).toBe(
    "OrderError: order 7 is lost\n    at lose (/app/shop.js:3:9)\n    at <unknown>:1\nCaused by: Error\n    at open (/app/shop.js)",
  );
});

it("writes a trace as Python does", () => {
  const text = stackText([thrown, cause], "python");
  expect(text).toBe(
    'Traceback (most recent call last):\n  File "/app/shop.js", line 0, in open\nError\n\n' +
      "The above exception was the direct cause of the following exception:\n\n" +
      'Traceback (most recent call last):\n  File "", line 1, in <module>\n  File "/app/shop.js", line 3, in lose\n' +
      "    raise OrderError()\nOrderError: order 7 is lost",
  );
  expect(exceptionOfStack(text)).toEqual({ type: "OrderError", message: "order 7 is lost" });
});

it("writes an error without frames", () => {
  expect(stackText([{ type: "", message: "gone", frames: [] }], "python")).toBe("gone");
  expect(stackText([], "node")).toBe("");
});

it("has an end, however long the stack and the chain", () => {
  const long = { ...thrown, frames: Array.from({ length: 100_000 }, () => frame("f", 1)) };
  expect(stackText(Array(1000).fill(long), "node").split("\n")).toHaveLength(50 * 501);
});

it.each([
  [7, 7],
  ["7", 7],
  [0, 0],
  [-1, 0],
  [1.5, 0],
  ["seven", 0],
  [null, 0],
])("a line told as %j is %i", (value, line) => expect(positionOf(value)).toBe(line));
