import { describe, expect, test } from "vitest";
import type { Format } from "./format.ts";
import { FORMATS } from "./formats.ts";
import { layoutFormat } from "./layout.ts";
import { logfmt } from "./logfmt.ts";
import { plain } from "./plain.ts";
import { UTC } from "./time/zone.ts";
import { unified } from "./unified.ts";

const clock = { zone: UTC, reference: Date.UTC(2026, 10, 21, 12) };

/** What a format makes of a line: level, logger, body and attributes. */
function read(format: Format, line: string): readonly unknown[] | undefined {
  if (!format.detect(line)) return undefined;
  const draft = format.parse(line, clock);
  return draft && [draft.severityNumber, draft.logger, draft.body, ...draft.attributes];
}

/** The first format that takes a line. */
const formatOf = (line: string): string =>
  FORMATS.find((format) => format.detect(line) && format.parse(line, clock) !== undefined)?.name ?? "plain";

describe("which format a line has", () => {
  test.each([
    ["2026-11-21T10:00:00Z INFO main: ready", "timestamped"],
    ["2026-11-21T10:00:00.123456Z INFO main: ready", "rust"],
    ["2026-11-21T10:00:00+00:00 web1 sshd[12]: closed", "syslog-rfc3164"],
    ["2026-11-21 10:00:00,123 - a.b - INFO - ready", "python"],
    ["2026-11-21 10:00:00 status installed libc6:amd64 2.36", "dpkg"],
    ["2026-11-21 10:00:00 status is good today", "timestamped"],
    ["Nov 21 10:00:00 web1 kernel: [1.2] usb", "syslog-rfc3164"],
    ["INFO:     127.0.0.1:1234 - GET / 200", "leveled"],
    ["error: it broke", "leveled"],
    ["Error: it broke", "plain"],
    ["I think, therefore I am", "plain"],
    ["a=b", "plain"],
    ["PATH=/bin and so on", "plain"],
    ["x=1 y=2", "plain"],
    ["{not json", "plain"],
    ["<b>bold</b>", "plain"],
    ["127.0.0.1 is home", "plain"],
    ["12345", "plain"],
    ["", "plain"],
  ])("%j is %s", (line, name) => {
    expect(formatOf(line)).toBe(name);
  });
});

describe("logfmt", () => {
  test.each([
    ["level=info msg=ready", [9, "", "ready"]],
    [
      'level=info msg="a \\"b\\" c\\n" empty= flag x="un closed',
      [9, "", 'a "b" c\n', "empty", "", "flag", "true", "x", "un closed"],
    ],
    ["level=warn  msg=two\tq=it's", [13, "", "two", "q", "it's"]],
    ["one two three four five six seven eight level=info msg=x", undefined],
  ])("%s", (line, expected) => {
    expect(read(logfmt, line)).toEqual(expected);
  });
});

describe("Polylog's own line, whatever it leaves out", () => {
  const time = "2026-11-21T10:00:00.000Z";
  test.each([
    [
      `${time} INFO  [N] shop [A(1).W(2)3:t.x] cart.items said: a b`,
      [
        "shop",
        9,
        "cart.items",
        "said: a b",
        "runner_class",
        "A",
        "runner_id",
        "1",
        "worker_id",
        "2",
        "invocation_id",
        "3",
        "task_id",
        "t.x",
      ],
    ],
    [`${time} INFO  [N] shop [A(1)] cart a`, ["shop", 9, "cart", "a", "runner_class", "A", "runner_id", "1"]],
    [`${time} INFO  [N] [A(1)] cart a`, ["", 9, "cart", "a", "runner_class", "A", "runner_id", "1"]],
    [`${time} INFO  [N] shop cart.items a`, ["shop", 9, "cart.items", "a"]],
    [`${time} INFO  [N] cart.items a b`, ["", 9, "cart.items", "a b"]],
    [`${time} INFO  [N] cart a b`, ["", 9, "cart", "a b"]],
    [`${time} INFO  [N] cart [a] b`, ["", 9, "cart", "[a] b"]],
    [`${time} INFO  [X] cart a`, undefined],
    [`${time} LOUD  [N] cart a`, undefined],
  ])("%s", (line, expected) => {
    const draft = unified.parse(line, clock);
    expect(
      draft && [draft.service, draft.severityNumber, draft.logger, draft.body, ...draft.attributes],
    ).toEqual(expected);
  });
});

describe("a guessed level", () => {
  test.each([
    ["it went ERROR at once", 17],
    ["[warn] slow", 13],
    ["Warning: deprecated", 13],
    ["connection <fatal> lost", 21],
    ["an error occurred", 0],
    ["INFORMATION for you", 0],
    [`${"x ".repeat(100)}ERROR`, 0],
  ])("%s", (line, severity) => {
    expect(plain.parse(line, clock)?.severityNumber).toBe(severity);
  });
});

describe("layouts", () => {
  const any = () => true;
  test.each([
    [
      "%time [%thread] %level %logger - %message",
      "2026-11-21 10:00:00 [a b-1] WARN  c.D - x - y",
      [13, "c.D", "x - y", "thread.name", "a b-1"],
    ],
    ["[%level ] %message", "[WARN ] x", [13, "", "x"]],
    ["%level %logger : %message", "WARN a.B   : x", [13, "a.B", "x"]],
    ["%level:%logger:%message", "WARN:a.b:c:d", [13, "a.b", "c:d"]],
    ["%level %logger: %message", "WARN a::b: c", [13, "a::b", "c"]],
    ["%level %logger: %message", "WARN a b: c", undefined],
    ["%level %message", "WARNED x", undefined],
    ["%level %message", "I am", undefined],
    ["%letter %message", "I am", [9, "", "am"]],
    ["%level %qualified: %message", "WARN Note: x", undefined],
    ["%pid %message", "x12 a", undefined],
  ])("%s reads %j", (layout, line, expected) => {
    expect(read(layoutFormat("test", any, [layout]), line)).toEqual(expected);
  });

  test("a layout that asks for something unknown fails at once", () => {
    expect(() => layoutFormat("test", any, ["%nothing"])).toThrow(
      'layout "%nothing" asks for an unknown %nothing',
    );
  });
});
