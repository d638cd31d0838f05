import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type FrameDefaults, readFrame } from "./frame.ts";

const DEFAULTS: FrameDefaults = { logger: "worker", level: "info", system: "node", appId: "shop" };
const TRACE = { trace_id: "0af7651916cd43dd8448eb211c80319c", span_id: "b7ad6b7169203331" };
const read = (frame: unknown) =>
  readFrame(typeof frame === "string" ? frame : JSON.stringify(frame), DEFAULTS);

describe("a line of Polylog's JSON", () => {
  it("is the record it was made of", () => {
    expect(
      read({
        timestamp: "2026-03-27T10:23:45.123456Z",
        severity: "WARNING",
        system: "python",
        logger: "tasks.add",
        message: "slow",
        text: "…",
        app_id: "shop",
        runner_class: "ThreadRunner",
        runner_id: "r-1",
        worker_id: "w-1",
        invocation_id: "i-1",
        task_id: "t-1",
        ...TRACE,
        trace_flags: 0,
        metadata: { orderId: 17 },
      }),
    ).toEqual({
      logger: "tasks.add",
      level: "warn",
      message: "slow",
      system: "python",
      time: Date.UTC(2026, 2, 27, 10, 23, 45, 123) + 0.456,
      metadata: { orderId: 17 },
      error: undefined,
      context: {
        runnerClass: "ThreadRunner",
        runnerId: "r-1",
        workerId: "w-1",
        invocationId: "i-1",
        taskId: "t-1",
      },
      trace: { traceId: TRACE.trace_id, spanId: TRACE.span_id, traceFlags: 0 },
    });
  });

  it("gives back an error, with those behind it", () => {
    const exception = {
      name: "ValueError",
      message: "no order",
      stack: "Traceback …",
      code: 7,
      cause: { name: "OSError", message: "disk", stack: "Traceback …" },
    };
    const { error } = read({ level: "error", message: "failed", exception });
    expect(error).toBeInstanceOf(Error);
    expect(error).toMatchObject({ ...exception, cause: { name: "OSError", message: "disk" } });
  });

  it.each<[string, object, object]>([
    ["as little as level and message", {}, { logger: "worker", system: "node", level: "info" }],
    ["what was thrown and is no error", { exception: { message: "7", value: 7 } }, { error: 7 }],
    ["fields that it has no place for", { orderId: 17 }, { metadata: { orderId: 17 } }],
    ["another application", { app_id: "mail" }, { metadata: { app_id: "mail" } }],
    ["this application", { app_id: "shop" }, { metadata: undefined }],
    ["a runtime that nobody knows", { system: "cobol" }, { system: "node" }],
    ["a time that is none", { timestamp: "soon" }, { time: undefined }],
    ["ids that are none", { trace_id: '"', span_id: "x" }, { trace: undefined }],
    ["metadata that is none", { metadata: [1] }, { metadata: undefined }],
    ["a name called __proto__", JSON.parse('{"__proto__":{"x":1}}'), {}],
  ])("may have %s", (_, fields, expected) => {
    expect(read({ level: "info", message: "m", ...fields })).toMatchObject(expected);
  });
});

describe("any other line", () => {
  it.each([
    "ready",
    "",
    "{",
    "{}",
    "[1]",
    '{"message":"m"}',
    '{"level":"loud","message":"m"}',
    '{"level":"off","message":"m"}',
    '{"level":"info","message":7}',
  ])("is a message by itself: %j", (line) => {
    expect(read(line)).toMatchObject({ logger: "worker", level: "info", system: "node", message: line });
  });

  it("never throws, whatever it is", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: "binary" }),
          fc.json({ maxDepth: 3 }),
          fc
            .dictionary(fc.string(), fc.jsonValue())
            .map((fields) =>
              JSON.stringify({ level: "info", message: "m", exception: fields, metadata: fields, ...fields }),
            ),
        ),
        (line) => {
          expect(typeof read(line).message).toBe("string");
        },
      ),
    );
  });
});
