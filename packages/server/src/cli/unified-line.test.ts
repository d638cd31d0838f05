import { describe, expect, it } from "vitest";
import type { LogRow } from "../contract/rows.ts";
import { colours } from "./colours.ts";
import { row } from "./testing/fake-server.ts";
import { fieldValue, type LineStyle, runtimeTag, timeOf, unifiedLine, utc } from "./unified-line.ts";

const plain: LineStyle = { colours: colours(false), zone: utc, fields: "all" };
const bare = { service: "", logger: "", runtime: "", body: "m" };
const context = {
  runner_class: "PersistentTokioRunner",
  runner_id: "a86ab1f8-1111-2222-3333-444455556666",
  worker_id: "d1241003-1111-2222-3333-444455556666",
  invocation_id: "cc6c0e34-5678-9abc-def0-123456789abc",
  task_id: "core_tasks.recover",
};

describe("the unified line", () => {
  it.each<[what: string, record: Partial<LogRow>, expected: string]>([
    ["has all parts", {}, "2026-03-27T10:23:45.123Z INFO  [N] checkout app.payments card declined"],
    ["leaves out what is empty", bare, "2026-03-27T10:23:45.123Z INFO  m"],
    ["pads a level", { ...bare, level: "warn" }, "2026-03-27T10:23:45.123Z WARN  m"],
    ["fills a level", { ...bare, level: "fatal" }, "2026-03-27T10:23:45.123Z FATAL m"],
    ["keeps the place of a missing level", { ...bare, level: "unset" }, "2026-03-27T10:23:45.123Z -     m"],
    [
      "shows who worked on what, in short",
      {
        service: "my_app",
        logger: "rustvello::runner",
        runtime: "rust",
        body: "Invocation completed",
        attributes: context,
      },
      "2026-03-27T10:23:45.123Z INFO  [R] my_app " +
        "[PTR(a86ab1f8).W(d1241003)cc6c0e34-5678-9abc-def0-123456789abc:core_tasks.recover] " +
        "rustvello::runner Invocation completed",
    ],
    [
      "shows a part of the context alone",
      { ...bare, runtime: "python", attributes: { runner_class: "PTR", invocation_id: "i1" } },
      "2026-03-27T10:23:45.123Z INFO  [P] [PTRi1] m",
    ],
    [
      "writes fields after the message",
      { ...bare, attributes: { user: "42", note: "two words", empty: "", said: 'a "b"' }, traceId: "abc" },
      '2026-03-27T10:23:45.123Z INFO  m user=42 note="two words" empty="" said="a \\"b\\"" trace=abc',
    ],
    [
      "indents the further lines of a message",
      { ...bare, body: "one\r\ntwo\n  three\n", attributes: { a: "1" } },
      "2026-03-27T10:23:45.123Z INFO  one a=1\n    two\n      three",
    ],
    [
      "puts a stack trace below and doesn't say it twice",
      {
        ...bare,
        attributes: {
          "exception.type": "TypeError",
          "exception.message": "x is undefined",
          "exception.stacktrace": "TypeError: x is undefined\n    at f (a.js:1:2)",
          user: "42",
        },
      },
      "2026-03-27T10:23:45.123Z INFO  m user=42\n    TypeError: x is undefined\n        at f (a.js:1:2)",
    ],
    [
      "names an event that has no body",
      { ...bare, body: "", eventName: "login" },
      "2026-03-27T10:23:45.123Z INFO  login",
    ],
    ["shows a time that is none", { ...bare, timestamp: "never\u001b" }, "never\\x1b INFO  m"],
    [
      "shows what a terminal would obey",
      { ...bare, service: "a\nb", body: "x\u001b]0;t\u0007", attributes: { "k\u001b": "v\u202e\n" } },
      "2026-03-27T10:23:45.123Z INFO  a\\nb x\\x1b]0;t\\x07 k\\x1b=v\\u202e\\n",
    ],
  ])("%s", (_, record, expected) => {
    expect(unifiedLine(row(record), plain)).toBe(expected);
  });

  it("paints level, times and fields", () => {
    const line = unifiedLine(row({ ...bare, level: "error", attributes: { a: "1" } }), {
      ...plain,
      colours: colours(true),
    });
    expect(line).toBe(
      "\u001b[2m2026-03-27T10:23:45.123Z\u001b[22m \u001b[31mERROR\u001b[39m m \u001b[2ma=1\u001b[22m",
    );
  });

  it.each<[fields: LineStyle["fields"], expected: string]>([
    [[], "m"],
    [["b"], "m b=2"],
    [["b", "missing", "service.version", "host"], "m b=2 service.version=1.0 host=web-1"],
  ])("writes the fields %j alone", (fields, expected) => {
    const record = row({ ...bare, attributes: { a: "1", b: "2" }, resource: { "service.version": "1.0" } });
    expect(unifiedLine(record, { ...plain, fields })).toBe(`2026-03-27T10:23:45.123Z INFO  ${expected}`);
  });

  it("counts the fields that don't fit the width, and shows all that do", () => {
    const attributes = { a: "1", b: "2".repeat(20), c: "3" };
    const text = (width: number) => unifiedLine(row({ ...bare, attributes }), { ...plain, width }).slice(33);
    expect(text(80)).toBe("a=1 b=22222222222222222222 c=3");
    expect(text(61)).toBe(" a=1 +2".trim());
    expect(text(38)).toBe("+3");
    for (let width = 45; width < 100; width++) expect(text(width).length + 33).toBeLessThanOrEqual(width);
  });

  it("cuts a long value to fit a terminal only", () => {
    const record = row({ ...bare, attributes: { a: "x".repeat(100) } });
    expect(unifiedLine(record, { ...plain, width: 200 })).toContain(`a=${"x".repeat(59)}…`);
    expect(unifiedLine(record, plain)).toContain("x".repeat(100));
  });
});

it.each<[minutes: number, expected: string]>([
  [0, "2026-03-27T10:23:45.123Z"],
  [60, "2026-03-27T11:23:45.123+01:00"],
  [-210, "2026-03-27T06:53:45.123-03:30"],
  [14 * 60, "2026-03-28T00:23:45.123+14:00"],
])("a time %i minutes ahead of UTC says so", (minutes, expected) => {
  expect(timeOf("2026-03-27T10:23:45.123456789Z", () => minutes)).toBe(expected);
});

it.each<[runtime: string, tag: string]>([
  ["node", "[N]"],
  ["rust", "[R]"],
  ["python", "[P]"],
  ["go", "[G]"],
  ["", ""],
  ["\u001b", ""],
  [".net", ""],
])("the runtime %j has the tag %j", (runtime, tag) => {
  expect(runtimeTag(runtime)).toBe(tag);
});

it.each<[name: string, value: string]>([
  ["message", "card declined"],
  ["level", "info"],
  ["time", "2026-03-27T10:23:45.123456789Z"],
  ["http.status", "200"],
  ["service.version", "1"],
  ["constructor", ""],
  ["__proto__", ""],
])("the field %s is %j", (name, value) => {
  const record = row({ attributes: { "http.status": "200" }, resource: { "service.version": "1" } });
  expect(fieldValue(record, name)).toBe(value);
});
