import { describe, expect, it } from "vitest";
import { createProblems } from "../problems.ts";
import { memorySink } from "../sinks/memory.ts";
import { checkedOptions } from "./checked-options.ts";
import type { Options } from "./options.ts";

const A_SINK = "a sink or { sink, level, format }";

/** What is left of options that untyped code may give, and what was told of the others. */
function check(options: object, times = 1) {
  const lines: string[] = [];
  const problems = createProblems((line) => lines.push(line));
  let checked: Options = {};
  for (let time = 0; time < times; time++) checked = checkedOptions(options as Options, problems);
  return { checked, lines };
}

describe("what can't be meant so", () => {
  it.each([
    [{ sampling: Number.NaN }, "sampling: NaN was left out: expected a number from 0 to 1"],
    [{ sampling: -0.1 }, "sampling: -0.1 was left out: expected a number from 0 to 1"],
    [{ sampling: 1.1 }, "sampling: 1.1 was left out: expected a number from 0 to 1"],
    [{ sampling: "0.5" }, 'sampling: "0.5" was left out: expected a number from 0 to 1'],
    [{ sampling: null }, "sampling: null was left out: expected a number from 0 to 1"],
    [{ rateLimit: {} }, "rateLimit: this object was left out: expected { perSecond: 1 } or more"],
    [
      { rateLimit: { perSecond: 0 } },
      "rateLimit: this object was left out: expected { perSecond: 1 } or more",
    ],
    [
      { rateLimit: { perSecond: -5 } },
      "rateLimit: this object was left out: expected { perSecond: 1 } or more",
    ],
    [
      { rateLimit: { perSecond: Number.NaN } },
      "rateLimit: this object was left out: expected { perSecond: 1 } or more",
    ],
    [{ rateLimit: 10 }, "rateLimit: 10 was left out: expected { perSecond: 1 } or more"],
    [{ rateLimit: null }, "rateLimit: null was left out: expected { perSecond: 1 } or more"],
    [{ format: "jsno" }, 'format: "jsno" was left out: expected text, json, logfmt, pretty or a function'],
    [
      { format: "toString" },
      'format: "toString" was left out: expected text, json, logfmt, pretty or a function',
    ],
    [{ level: null }, "level: null was left out: expected a level"],
    [{ filter: 7 }, "filter: 7 was left out: expected text"],
    [{ colors: "never" }, 'colors: "never" was left out: expected true, false or auto'],
    [{ compactContext: 0 }, "compactContext: 0 was left out: expected true or false"],
    [{ sourceLocation: "yes" }, 'sourceLocation: "yes" was left out: expected true or false'],
    [{ globalMetadata: "x" }, 'globalMetadata: "x" was left out: expected an object or a function'],
    [
      { redact: "password" },
      'redact: "password" was left out: expected ["password"] or { keys: ["password"] }',
    ],
    [
      { redact: [/password/] },
      'redact: this object was left out: expected ["password"] or { keys: ["password"] }',
    ],
    [{ sinks: [undefined] }, `sinks.0: undefined was left out: expected ${A_SINK}`],
    [{ sinks: { a: {} } }, `sinks.a: this object was left out: expected ${A_SINK}`],
    [{ sinks: "stderr" }, 'sinks: "stderr" was left out: expected an object'],
    [{ loggers: 7 }, "loggers: 7 was left out: expected an object"],
    [
      { durability: "record" },
      "durability: there is no such option; there are level, filter, format, colors, compactContext, appId, sinks, loggers, globalMetadata, redact, sampling, rateLimit, sourceLocation",
    ],
    [{ format: 7 }, "format: 7 was left out: expected text, json, logfmt, pretty or a function"],
  ])("%j is told and left out", (options, message) => {
    const { checked, lines } = check({ appId: "shop", ...options });
    expect(checked).toEqual({ appId: "shop" });
    expect(lines).toEqual([`polylog: configure: ${message} [POLYLOG_E_CONFIG]\n`]);
  });

  it("is told once", () => expect(check({ sampling: Number.NaN }, 3).lines).toHaveLength(1));

  it("is told in short", () => expect(check({ format: "x".repeat(1e6) }).lines[0]!.length).toBeLessThan(200));

  it("is left out by itself, and what stands beside it stays", () => {
    const sink = memorySink();
    const { checked, lines } = check({
      sinks: { memory: sink, missing: undefined, made: { sink, level: "warn", lvl: "info" } },
      loggers: { a: { level: "debug", sinks: "memory" }, b: undefined, c: { sinks: ["memory"] } },
    });
    expect(checked).toEqual({
      sinks: { memory: sink, made: { sink, level: "warn" } },
      loggers: { a: { level: "debug" }, c: { sinks: ["memory"] } },
    });
    expect(lines.map((line) => line.split(" ")[2])).toEqual([
      "loggers.b:",
      "loggers.a.sinks:",
      "sinks.missing:",
      "sinks.made.lvl:",
    ]);
  });

  it("leaves a sink with the wrong format in its place", () => {
    const sink = memorySink();
    const { checked, lines } = check({ sinks: { memory: { sink, level: "warn", format: "jsno" } } });
    expect(checked).toEqual({ sinks: { memory: { sink, level: "warn" } } });
    expect(lines[0]).toMatch(/sinks\.memory\.format: "jsno" was left out/);
  });
});

describe("what may be meant so", () => {
  it.each<Options>([
    {},
    { sampling: 0 },
    { sampling: 1 },
    { rateLimit: { perSecond: 1 } },
    { rateLimit: { perSecond: Number.POSITIVE_INFINITY } },
    { format: "text" },
    { format: "json" },
    { format: "logfmt" },
    { format: "pretty" },
    { format: () => "line" },
    { colors: "auto", compactContext: false, sourceLocation: true, level: -1, filter: "a=debug" },
    { redact: ["password"], globalMetadata: { region: "eu" }, loggers: { a: {} } },
    { redact: { keys: ["password"], censor: "*" }, globalMetadata: () => ({}), sinks: {} },
    { sampling: undefined, rateLimit: undefined, format: undefined, sinks: undefined },
  ])("%j stays", (options) => {
    const { checked, lines } = check(options);
    // Strict: what is said to be undefined isn't the same as what isn't said.
    expect(checked).toStrictEqual(options);
    expect(lines).toEqual([]);
  });

  it("leaves sinks the objects that they are", () => {
    const sink = memorySink();
    const options = { sink, format: "json" };
    const { checked } = check({ sinks: { bare: sink, made: options, called: console.log } });
    expect(checked.sinks?.bare).toBe(sink);
    expect(checked.sinks?.made).toBe(options);
    expect(checked.sinks?.called).toBe(console.log);
  });
});
