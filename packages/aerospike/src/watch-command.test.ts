import { setImmediate as nextTurn } from "node:timers/promises";
import { type Attributes, INVALID_SPAN_CONTEXT, type SpanOptions, trace } from "@opentelemetry/api";
import { beforeEach, expect, test } from "vitest";
import type { Callback, Command } from "./client.ts";
import { createFailures } from "./failure.ts";
import { kindOf } from "./operation.ts";
import type { Telemetry } from "./running-operation.ts";
import { watchProcess } from "./watch-command.ts";

let events: string[] = [];
let startTime: unknown;
let sentAt = 0;
beforeEach(() => {
  events = [];
});

const telemetry = {
  isIdle: false,
  tracer: {
    startSpan(name: string, options: SpanOptions) {
      events.push(name);
      startTime = options.startTime;
      const span = trace.wrapSpanContext(INVALID_SPAN_CONTEXT);
      span.end = () => events.push("span ended");
      return span;
    },
  },
  durations: { record: (_seconds: number, labels: Attributes) => events.push(String(labels["error.type"])) },
  failureOf: createFailures({}),
  stepNameOf: () => undefined,
} as unknown as Telemetry;

const command = {
  client: { config: {} },
  args: [{ ns: "test", set: "users" }],
} as unknown as Command;

/** Runs the command, whose native part calls back as `answer` says. */
function run(answer: (callback: Callback) => void): Promise<unknown> {
  const native = (callback: Callback) => {
    sentAt = performance.now();
    events.push("sent");
    answer(callback);
  };
  const watched = watchProcess(native, kindOf("getAsync")!, telemetry);
  return new Promise((resolve, reject) => {
    watched.call(command, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

test("a span is made when its request is on its way, as of the call, and its duration is recorded when the caller has gone on", async () => {
  const result = await run((callback) => {
    setImmediate(() => {
      events.push("answered");
      callback(null, "Alice");
    });
  });
  events.push("gone on");
  await nextTurn();
  expect(events).toEqual(["sent", "GET test.users", "answered", "span ended", "gone on", "undefined"]);
  expect(result).toBe("Alice");
  expect(startTime).toBeLessThanOrEqual(sentAt);
});

test.each([
  ["an answer that comes at once", (callback: Callback) => callback(null), "undefined"],
  ["an answer that comes twice", (callback: Callback) => [callback(null), callback(null)], "undefined"],
  [
    "a failure that comes at once",
    (callback: Callback) => callback({ name: "E", message: "m", code: 9 }),
    "E",
  ],
  [
    "an error that is thrown",
    () => {
      throw new TypeError("no key");
    },
    "TypeError",
  ],
])("%s makes one span and one duration", async (_what, answer, type) => {
  await run(answer).catch(() => {});
  await nextTurn();
  expect(events).toEqual(["sent", "GET test.users", "span ended", type]);
});
