import { describe, expect, test } from "vitest";
import { foreignError } from "./foreign-error.ts";

describe("an error made of data", () => {
  test("is an error like any other", () => {
    const cause = new Error("deep");
    const error = foreignError({
      name: "TypeError",
      message: "boom",
      stack: "at x",
      cause,
      fields: { code: "E" },
    });
    expect(error).toBeInstanceOf(Error);
    expect(String(error)).toBe("TypeError: boom");
    expect(error).toMatchObject({ name: "TypeError", message: "boom", stack: "at x", cause, code: "E" });
    expect(Object.keys(error)).toEqual(["code"]);
  });

  test("has a stack of one line when none is known, not that of the bridge", () => {
    expect(foreignError({ name: "TypeError", message: "boom" }).stack).toBe("TypeError: boom");
    expect(foreignError({}).stack).toBe("Error: ");
  });

  test("leaves the depth of other stacks as it was", () => {
    const before = Error.stackTraceLimit;
    foreignError({ message: "x" });
    expect(Error.stackTraceLimit).toBe(before);
    expect(new Error("y").stack).toContain("foreign-error.test.ts");
  });

  test("isn't confused by fields of its own names, nor by prototypes", () => {
    const fields = JSON.parse(
      '{"__proto__":{"isAdmin":true},"stack":"theirs","message":"theirs","name":"Theirs"}',
    );
    const error = foreignError({ name: "E", message: "m", stack: "s", fields });
    expect(error).toMatchObject({ name: "E", message: "m", stack: "s" });
    expect(Object.keys(error)).toEqual(["__proto__"]);
    expect((error as { isAdmin?: boolean }).isAdmin).toBeUndefined();
    expect(Object.getPrototypeOf(error)).toBe(Error.prototype);
  });

  test.each([17, null, {}, undefined])("takes no %s for a message or a name", (value) => {
    expect(String(foreignError({ name: value, message: value }))).toBe("Error");
  });
});
