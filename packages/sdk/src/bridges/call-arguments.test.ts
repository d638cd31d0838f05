import { describe, expect, test } from "vitest";
import { readCallArguments } from "./call-arguments.ts";

const boom = new Error("boom");
const fields = { orderId: 17 };

describe("arguments of a call are read", () => {
  test.each<[string, unknown[], { message: string; error?: unknown; metadata?: unknown }]>([
    ["nothing", [], { message: "" }],
    ["a text as it is", ["100%d %s %%"], { message: "100%d %s %%" }],
    ["directives as Node does", ["%s paid %d of %i%%", "Ann", 1.5, 2.5], { message: "Ann paid 1.5 of 2%" }],
    ["further values behind the text", ["a", 1, [2], null], { message: "a 1 [ 2 ] null" }],
    ["undefined", ["a", undefined, null], { message: "a undefined null" }],
    ["values without a text", [1, true], { message: "1 true" }],
    ["an object alone as text", [{ a: 1 }], { message: "{ a: 1 }" }],
    ["an object at the end as metadata", ["paid", fields], { message: "paid", metadata: fields }],
    [
      "an object without prototype as metadata",
      ["paid", Object.assign(Object.create(null), fields)],
      { message: "paid", metadata: fields },
    ],
    ["an object that a directive takes as text", ["paid %j", fields], { message: 'paid {"orderId":17}' }],
    [
      "an object behind one that a directive takes",
      ["%o", [], fields],
      { message: "[ [length]: 0 ]", metadata: fields },
    ],
    ["two objects as text", ["a", { b: 1 }, { c: 2 }], { message: "a { b: 1 } { c: 2 }" }],
    ["an object in the middle as text", ["a", { b: 1 }, 2], { message: "a { b: 1 } 2" }],
    ["an array as text", ["a", [1]], { message: "a [ 1 ]" }],
    ["an instance of a class as text", ["at", new Date(0)], { message: "at 1970-01-01T00:00:00.000Z" }],
    ["an error alone", [boom], { message: "boom", error: boom }],
    ["an error behind a text", ["failed:", boom], { message: "failed:", error: boom }],
    ["an error with fields", [boom, fields], { message: "boom", error: boom, metadata: fields }],
    [
      "text, error and fields",
      ["failed", boom, fields],
      { message: "failed", error: boom, metadata: fields },
    ],
    [
      "an error that a directive takes",
      ["failed: %s", boom],
      { message: "failed: Error: boom", error: boom },
    ],
    ["a lone percent sign at the end", ["50 %", fields], { message: "50 %", metadata: fields }],
    ["an escaped directive", ["%%s", fields], { message: "%s", metadata: fields }],
  ])("%s", (_name, args, { message, error, metadata }) => {
    expect(readCallArguments(args)).toEqual({ message, error, metadata });
  });

  test("a second error is told in the text", () => {
    const { message, error } = readCallArguments(["both", boom, new TypeError("bang")]);
    expect(error).toBe(boom);
    expect(message).toMatch(/^both TypeError: bang\n/);
  });
});
