import { runInNewContext } from "node:vm";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ActiveContext } from "../logger/active-context.ts";
import type { LogContext } from "../logger/context.ts";
import { createRedactor } from "../redaction/redactor.ts";
import { ANSI } from "./ansi.ts";
import { createJsonFormat } from "./json.ts";
import { createJsonWriter } from "./json-writer.ts";
import { LIMITS } from "./limits.ts";
import type { LineFormat, Origin } from "./line-format.ts";
import { createLogfmtFormat } from "./logfmt.ts";
import { createPrettyFormat } from "./pretty.ts";
import { createTextFormat } from "./text.ts";
import { PLAIN } from "./unified.ts";

const writer = createJsonWriter(undefined);
const TIME = Date.UTC(2026, 2, 27, 10, 23, 45, 123);
const ORIGIN: Origin = { level: "info", logger: "rustvello::runner", system: "node", appId: undefined };
const CONTEXT: LogContext = {
  runner: { class: "PersistentTokioRunner", id: "a86ab1f8-1111-2222-3333-444455556666" },
  worker: "d1241003-1111-2222-3333-444455556666",
  invocation: "cc6c0e34-5678-9abc-def0-123456789abc",
  task: "core_tasks.recover",
};
const TRACE = { traceId: "0af7651916cd43dd8448eb211c80319c", spanId: "b7ad6b7169203331", traceFlags: 1 };

interface Call {
  origin?: Partial<Origin>;
  message?: string;
  fields?: object;
  error?: unknown;
  context?: LogContext;
  /** Taken as it is, as other libraries' records have it. */
  execution?: unknown;
  trace?: typeof TRACE;
}

function lineOf(
  format: LineFormat,
  { origin, message = "Invocation completed", fields, error, context, execution, trace }: Call,
): string {
  const head = format.head({ ...ORIGIN, ...origin });
  const text = fields === undefined ? "" : format.fields(fields, true);
  const active = context === undefined ? undefined : new ActiveContext(context);
  const given =
    execution === undefined ? active : ({ execution, fragments: new Map() } as unknown as ActiveContext);
  return format.line(head, TIME, message, text, error, given, trace);
}

const text = createTextFormat({ writer, isCompact: true });
const long = createTextFormat({ writer, isCompact: false });
const json = createJsonFormat({ writer, isCompact: true });
const logfmt = createLogfmtFormat({ writer });
const START = "2026-03-27T10:23:45.123Z";

describe("the text line", () => {
  it.each<[Call, string]>([
    [{}, `${START} INFO  [N] rustvello::runner Invocation completed\n`],
    [
      { origin: { system: "rust", level: "warn" } },
      `${START} WARN  [R] rustvello::runner Invocation completed\n`,
    ],
    [
      { origin: { system: "python", level: "fatal" } },
      `${START} CRIT  [P] rustvello::runner Invocation completed\n`,
    ],
    [
      { origin: { level: "error", appId: "my_app" } },
      `${START} ERROR [N] my_app rustvello::runner Invocation completed\n`,
    ],
    [
      { origin: { appId: "my_app", system: "rust" }, context: CONTEXT },
      `${START} INFO  [R] my_app [PTR(a86ab1f8).W(d1241003)cc6c0e34-5678-9abc-def0-123456789abc:core_tasks.recover] rustvello::runner Invocation completed\n`,
    ],
    [
      { context: { runner: "r-1", task: "t" } },
      `${START} INFO  [N] [R(r-1):t] rustvello::runner Invocation completed\n`,
    ],
    [{ context: { requestId: "no bracket" } }, `${START} INFO  [N] rustvello::runner Invocation completed\n`],
    [
      {
        message: "paid",
        fields: { orderId: 17, who: "Ann B", isFirst: true, none: null, gone: undefined, deep: { a: [1] } },
      },
      `${START} INFO  [N] rustvello::runner paid orderId=17 who="Ann B" isFirst=true none=null deep={"a":[1]}\n`,
    ],
    [
      { message: "m", trace: TRACE },
      `${START} INFO  [N] rustvello::runner m trace_id=${TRACE.traceId} span_id=${TRACE.spanId}\n`,
    ],
    [
      { message: "m", fields: { a: { "k\u0085": "c1 \u009b, lines \u2028\u2029" } } },
      `${START} INFO  [N] rustvello::runner m a={"k\\u0085":"c1 \\u009b, lines \\u2028\\u2029"}\n`,
    ],
    [
      { message: "m", trace: { ...TRACE, traceId: "x\nforged", spanId: TRACE.spanId.toUpperCase() } },
      `${START} INFO  [N] rustvello::runner m\n`,
    ],
    [
      { message: "m", execution: { runnerClass: "PersistentTokioRunner" } },
      `${START} INFO  [N] rustvello::runner m\n`,
    ],
    [
      { message: "m", execution: { runnerClass: null, runnerId: 7, workerId: null, taskId: 0 } },
      `${START} INFO  [N] [R(7):0] rustvello::runner m\n`,
    ],
    [{ message: "two\nlines\u001b[31m" }, `${START} INFO  [N] rustvello::runner two\n    lines\\u001b[31m\n`],
  ])("of %j", (call, expected) => expect(lineOf(text, call)).toBe(expected));

  it("has ids and classes in full when it isn't compact", () => {
    expect(lineOf(long, { context: CONTEXT })).toContain(
      "[PersistentTokioRunner(a86ab1f8-1111-2222-3333-444455556666).W(d1241003-1111-2222-3333-444455556666)cc6c0e34-",
    );
  });

  it("has the stack of an error, and of its causes, on indented lines", () => {
    const error = new Error("boom", { cause: new RangeError("deep") });
    const [first, ...rest] = lineOf(text, { message: "failed", error }).trimEnd().split("\n");
    expect(first).toBe(`${START} INFO  [N] rustvello::runner failed`);
    expect(rest.every((line) => line.startsWith("    "))).toBe(true);
    expect(rest.join("\n")).toMatch(/^ {4}Error: boom\n {8}at [\s\S]*\n {4}Caused by: RangeError: deep\n/);
  });

  it("can't be made to look like two, whatever is logged", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.dictionary(fc.string(), fc.anything()),
        (message, fields) => {
          const [, ...rest] = lineOf(text, { message, fields: { ...fields } })
            .slice(0, -1)
            .split("\n");
          expect(rest.filter((line) => !line.startsWith("    "))).toEqual([]);
        },
      ),
    );
  });

  it("is coloured on a terminal: the level, and what matters less dimmed", () => {
    const colored = createTextFormat({ writer, isCompact: true, style: ANSI });
    expect(lineOf(colored, { origin: { level: "error" }, message: "m" })).toBe(
      `\u001b[2m${START}\u001b[22m \u001b[31mERROR\u001b[39m \u001b[2m[N]\u001b[22m rustvello::runner m\n`,
    );
  });
});

describe("the JSON line", () => {
  const parsed = (call: Call) => JSON.parse(lineOf(json, call)) as Record<string, unknown>;

  it("has what a record always has", () => {
    expect(parsed({})).toEqual({
      timestamp: START,
      severity: "INFO",
      system: "node",
      logger: "rustvello::runner",
      message: "Invocation completed",
      text: `${START} INFO  [N] rustvello::runner Invocation completed`,
    });
  });

  it("has ids in full beside the compact text", () => {
    expect(parsed({ context: CONTEXT, origin: { level: "fatal", appId: "my_app" }, trace: TRACE })).toEqual({
      timestamp: START,
      severity: "CRITICAL",
      system: "node",
      logger: "rustvello::runner",
      message: "Invocation completed",
      app_id: "my_app",
      text: `${START} CRIT  [N] my_app [PTR(a86ab1f8).W(d1241003)cc6c0e34-5678-9abc-def0-123456789abc:core_tasks.recover] rustvello::runner Invocation completed`,
      runner_class: "PersistentTokioRunner",
      runner_id: "a86ab1f8-1111-2222-3333-444455556666",
      worker_id: "d1241003-1111-2222-3333-444455556666",
      invocation_id: "cc6c0e34-5678-9abc-def0-123456789abc",
      task_id: "core_tasks.recover",
      trace_id: TRACE.traceId,
      span_id: TRACE.spanId,
    });
  });

  it.each([
    "two\nlines",
    "colours \u001b[31m and \u009b",
    "a line's end \u2028 that JSON leaves",
    'quotes " and \\',
    "naïve",
    "a long one, with an end \u0085 that is told by a regular expression",
    "x".repeat(LIMITS.text + 1),
  ])("has in its text what the unified line has: %j", (message) => {
    expect(`${parsed({ message }).text}\n`).toBe(lineOf(text, { message }));
  });

  it("has ids as texts, and leaves out what is no id", () => {
    const line = parsed({
      execution: { runnerClass: null, runnerId: 7, workerId: null, taskId: 0 },
      trace: { ...TRACE, traceId: '"' },
    });
    expect(line).toMatchObject({ runner_id: "7", task_id: "0", span_id: TRACE.spanId });
    expect(Object.keys(line)).not.toEqual(
      expect.arrayContaining([expect.stringMatching(/^(runner_class|worker_id|trace_id)$/)]),
    );
  });

  it("tells errors of another realm, and proxies that were revoked", () => {
    expect(parsed({ error: runInNewContext('new Error("vm")') }).exception).toMatchObject({ message: "vm" });
    const { proxy, revoke } = Proxy.revocable({}, {});
    revoke();
    expect(parsed({ error: proxy }).exception).toMatchObject({ value: expect.stringContaining("revoked") });
  });

  it("keeps fields and an error apart from its own names", () => {
    const error = Object.assign(new Error("boom"), { code: "E_BOOM" });
    expect(parsed({ fields: { message: "mine", timestamp: 1 }, error })).toMatchObject({
      message: "Invocation completed",
      metadata: { message: "mine", timestamp: 1 },
      exception: {
        name: "Error",
        message: "boom",
        code: "E_BOOM",
        stack: expect.stringContaining("line-formats.test"),
      },
    });
    expect(parsed({ error: "just text" }).exception).toEqual({ message: "just text", value: "just text" });
  });

  it("can be read back on one line, whatever is logged", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.dictionary(fc.string(), fc.anything()),
        fc.boolean(),
        (message, fields, isIn) => {
          const line = lineOf(json, {
            message,
            fields: { ...fields },
            ...(isIn ? { context: { task: message, runner: message } } : {}),
            error: isIn ? new Error(message) : undefined,
          });
          expect(line.indexOf("\n")).toBe(line.length - 1);
          expect((JSON.parse(line) as { message: string }).message).toBe(message);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe("logfmt", () => {
  it("has all parts as pairs", () => {
    expect(
      lineOf(logfmt, {
        origin: { appId: "my app" },
        message: "card declined",
        fields: { "order id": 17, q: 'a"b', empty: "" },
        context: { task: "t" },
      }),
    ).toBe(
      `time=${START} level=info system=node app_id="my app" logger=rustvello::runner msg="card declined" order_id=17 q="a\\"b" empty="" task_id=t\n`,
    );
  });

  it.each<[object, string]>([
    [{ a: { b: "q level=fatal msg=forged " } }, 'a="{\\"b\\":\\"q level=fatal msg=forged \\"}"'],
    [{ tags: ["vip"], list: [1, 2] }, 'tags="[\\"vip\\"]" list=[1,2]'],
    [{ a: ["\u0085"] }, 'a="[\\"\\u0085\\"]"'],
    [{ level: 1, "app id": 2, stack: 3, levels: 4 }, "level_=1 app_id_=2 stack_=3 levels=4"],
  ])("has the fields %j as %s", (fields, expected) => {
    expect(lineOf(logfmt, { message: "m", fields })).toBe(
      `time=${START} level=info system=node logger=rustvello::runner msg=m ${expected}\n`,
    );
  });

  it("has ids as texts, and leaves out what is no id", () => {
    const line = lineOf(logfmt, {
      message: "m",
      execution: { runnerId: 7, workerId: null, taskId: Object.create(null) },
      trace: { ...TRACE, spanId: "x y=z" },
    });
    expect(line).toContain(` msg=m runner_id=7 trace_id=${TRACE.traceId}\n`);
  });

  it("keeps a stack on its line", () => {
    const line = lineOf(logfmt, { error: new Error("boom") });
    expect(line.indexOf("\n")).toBe(line.length - 1);
    expect(line).toContain('stack="Error: boom\\n    at ');
  });
});

describe("fields that are no plain object", () => {
  class Order {
    readonly id = 17;
    readonly tags = ["vip"];
  }
  const priced = (toJSON: () => unknown) =>
    new (class {
      toJSON = toJSON;
    })();

  it.each<[string, object, object | undefined, string]>([
    ["a map", new Map<string, unknown>([["id", 17]]), { id: 17 }, " id=17"],
    ["a map of other keys", new Map([[1, 2]]), { value: [[1, 2]] }, " value=[[1,2]]"],
    ["a class of one's own", new Order(), { id: 17, tags: ["vip"] }, ' id=17 tags=["vip"]'],
    ["toJSON", priced(() => ({ price: "3 EUR" })), { price: "3 EUR" }, ' price="3 EUR"'],
    ["toJSON of a text", priced(() => "3"), { value: "3" }, " value=3"],
    ["toJSON of nothing", priced(() => undefined), undefined, ""],
    ["a list", [1], { value: [1] }, " value=[1]"],
  ])("are the same in all formats: %s", (_, fields, metadata, pairs) => {
    const line = JSON.parse(lineOf(json, { fields })) as { metadata?: unknown };
    expect(line.metadata).toEqual(metadata);
    expect(text.fields(fields, true)).toBe(pairs);
    expect(logfmt.fields(fields, true).replaceAll(/\\|"(?=\[)|(?<=\])"/g, "")).toBe(pairs);
  });
});

describe("too much for a record", () => {
  it.each<[string, LineFormat]>([
    ["text", text],
    ["logfmt", logfmt],
    ["json", json],
  ])("is left out, and told, in %s: fields, their names and their texts", (_, format) => {
    const names = Array.from({ length: LIMITS.values + 5 }, (_, at) => `n${at}`);
    const many = format.fields(Object.fromEntries(names.map((name) => [name, 1])), true);
    expect(many).toContain("[5 more left out]");
    const long = "x".repeat(LIMITS.text);
    const texts = format.fields(Object.fromEntries(names.slice(0, 2_100).map((name) => [name, long])), true);
    const named = format.fields(Object.fromEntries(names.slice(0, 50).map((name) => [name + long, 1])), true);
    expect(texts.length).toBeLessThan(LIMITS.total * 1.2);
    expect(named.length).toBeLessThan(LIMITS.total * 1.2);
  });
});

describe("what is masked", () => {
  it.each<[string[], object]>([
    [["a.b"], { a: { b: 1, c: 2 }, x: { a: { b: 3 } } }],
    [["token"], { token: 1, x: { token: 2 }, list: [{ Token: 3 }] }],
    [["*.token", "user.name"], { user: { name: 1, token: 2 }, other: { name: 3, token: 4 } }],
    [["items[0].token"], { items: [{ token: 1 }, { token: 2 }] }],
  ])("by %j is so in text as in JSON", (keys, fields) => {
    const masking = createJsonWriter(createRedactor(keys));
    const masked = JSON.parse(`${masking.fields(fields, true)}}`) as object;
    const line = createTextFormat({ writer: masking, isCompact: true }).fields(fields, true);
    expect(line).toBe(text.fields(masked, true));
    expect(line).toContain("[redacted]");
  });

  it("is what lies on a path from what was thrown, when that is no error", () => {
    const masking = createJsonWriter(createRedactor(["user.card"]));
    const line = lineOf(createJsonFormat({ writer: masking, isCompact: true }), {
      error: { user: { card: 1, id: 2 } },
    });
    expect(JSON.parse(line)).toMatchObject({
      exception: { value: { user: { card: "[redacted]", id: 2 } } },
    });
  });
});

describe("the pretty line", () => {
  const pretty = createPrettyFormat({ writer, isCompact: true, style: PLAIN });

  it("has no bracket around nothing", () => {
    expect(lineOf(pretty, { message: "m", execution: { runnerClass: "A" } })).toMatch(/ m\n$/);
    expect(lineOf(pretty, { message: "m", execution: { taskId: "t" } })).toMatch(/ m \[:t\]\n$/);
  });

  it("is aligned", () => {
    const short = lineOf(pretty, { origin: { logger: "a" }, message: "m" });
    const longer = lineOf(pretty, { origin: { logger: "abcdef", level: "error" }, message: "m" });
    expect(short.indexOf("m\n")).toBe(longer.indexOf("m\n"));
    expect(short).toMatch(/^\d\d:\d\d:45\.123 INFO {2}a +m\n$/);
  });

  it("shows the near end of a stack, and how much it hides", () => {
    const error = new Error("boom");
    error.stack = `Error: boom\n${Array.from({ length: 12 }, (_, at) => `    at f${at} (file:///app/a.js:${at}:1)`).join("\n")}\n    at node:internal/x:1:1`;
    const line = lineOf(pretty, { error });
    expect(line).toContain("at f7 (/app/a.js:7:1)");
    expect(line).not.toContain("at f8 ");
    expect(line).toContain("… 5 more");
  });
});
