import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseDirectives } from "./directives.ts";

describe("filter directives", () => {
  it.each([
    ["info", [["", "info"]]],
    ["WARN", [["", "warn"]]],
    ["0", [["", "off"]]],
    ["5", [["", "trace"]]],
    ["off", [["", "off"]]],
    ["myapp", [["myapp", "trace"]]],
    ["myapp=", [["myapp", "trace"]]],
    ["myapp=debug", [["myapp", "debug"]]],
    ["my_core::cluster=3", [["my_core.cluster", "info"]]],
    [
      "warn,myapp.billing=debug",
      [
        ["", "warn"],
        ["myapp.billing", "debug"],
      ],
    ],
    [
      " warn , myapp = debug , ",
      [
        ["", "warn"],
        ["myapp", "debug"],
      ],
    ],
    ["@scope/pkg=error", [["@scope/pkg", "error"]]],
    ["a=info,a=error", [["a", "error"]]],
    ["a::b=info,a.b=error", [["a.b", "error"]]],
    ["", []],
  ])("%j means %j", (filter, expected) => {
    const { directives, errors } = parseDirectives(filter);
    expect(errors).toEqual([]);
    expect(directives.map(({ target, level }) => [target, level])).toEqual(expected);
  });

  it("keep spans and their fields, commas and all", () => {
    expect(parseDirectives("core::net[connect{node=3,peer}]=trace,warn").directives).toEqual([
      {
        target: "core.net",
        span: "connect",
        fields: "node=3,peer",
        level: "trace",
        text: "core::net[connect{node=3,peer}]=trace",
      },
      { target: "", level: "warn", text: "warn" },
    ]);
    expect(parseDirectives("[handle]=debug").directives).toMatchObject([
      { target: "", span: "handle", level: "debug" },
    ]);
  });

  it.each([
    ["myapp=loud", 0, /"loud" is no level/],
    ["warn,myapp=9", 5, /"9" is no level/],
    ["a[b=info", 0, /expected target/],
    ["a=b=c", 0, /expected target/],
  ])("say what is wrong with %j and where", (filter, position, message) => {
    const { errors } = parseDirectives(filter);
    expect(errors).toHaveLength(1);
    expect(errors[0]).toMatchObject({ position, message: expect.stringMatching(message) });
  });

  it("keep what is right beside what is wrong", () => {
    const { directives, errors } = parseDirectives("error,x=loud,y=debug");
    expect([directives.length, errors.length]).toEqual([2, 1]);
  });

  it("never throw, whatever is given", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (filter) => {
        const { directives, errors } = parseDirectives(filter);
        expect(directives.length + errors.length).toBeLessThanOrEqual(filter.length);
      }),
    );
  });
});
