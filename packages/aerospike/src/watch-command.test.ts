import { type Attributes, INVALID_SPAN_CONTEXT, trace } from "@opentelemetry/api";
import { beforeEach, expect, test } from "vitest";
import type { Callback, Command } from "./client.ts";
import { createFailures } from "./failure.ts";
import { kindOf } from "./operation.ts";
import type { Telemetry } from "./running-operation.ts";
import { watchProcess } from "./watch-command.ts";

let events: string[] = [];
beforeEach(() => {
  events = [];
});

const telemetry = {
  isIdle: false,
  tracer: {
    startSpan(name: string) {
      events.push(name);
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
    events.push("sent");
    answer(callback);
  };
  const watched = watchProcess(native, kindOf("getAsync")!, telemetry);
  return new Promise((resolve, reject) => {
    watched.call(command, (error, result) => (error ? reject(error) : resolve(result)));
  });
}

test("a span is there before the request is sent, and ends when its answer comes", async () => {
  const result = await run((callback) => {
    setImmediate(() => {
      events.push("answered");
      callback(null, "Alice");
    });
  });
  expect(events).toEqual(["GET test.users", "sent", "answered", "undefined", "span ended"]);
  expect(result).toBe("Alice");
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
  expect(events).toEqual(["GET test.users", "sent", type, "span ended"]);
});
