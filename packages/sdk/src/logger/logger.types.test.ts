import { expect, it } from "vitest";
import { createPolylog } from "../core/create-polylog.ts";
import { bareHost } from "../host/bare.ts";
import { memorySink } from "../sinks/memory.ts";
import { LOG_LEVEL_DEBUG } from "./level.ts";

/*
 * Checked by the compiler; each `@ts-expect-error` fails the type check when the call below it is allowed. Run to see
 * that none throws.
 */

interface Order {
  readonly id: number;
}

const polylog = createPolylog(bareHost());
const { log, getLogger, configure, withContext } = polylog;
const order: Order = { id: 1 };
const unknownError: unknown = new Error("boom");

it("takes a message, an error and fields", () => {
  log.info("message");
  log.info("message", { orderId: 1 });
  log.info("message", order);
  log.info("message", { stack: "a text", call: 1, length: 2, name: "of anything" });
  log.info("message", { at: new Date(), tags: new Set(["a"]), list: [1] });
  log.error("message", new Error("boom"));
  log.error(new TypeError("boom"), order);
  log.with(order).with({ customer: 1 });
});

it("takes what was caught as it is", () => {
  log.warn(unknownError);
  log.error(unknownError);
  log.fatal(unknownError, order);
  log.error("message", unknownError, { orderId: 1 });
  try {
    throw unknownError;
  } catch (err) {
    log.error(err);
  }
  return Promise.reject(unknownError).catch(log.error);
});

it("takes fields and errors that may be missing", () => {
  function calls(fields?: Record<string, unknown>, error?: Error, found: Error | null = null): void {
    log.info("message", fields);
    log.error("message", error);
    log.error("message", found);
    log.error("message", error, fields);
    log.error(new Error("boom"), fields);
  }
  calls();
  calls({ orderId: 1 }, new Error("boom"), new Error("found"));
});

it("takes fields and errors of a type parameter", () => {
  function calls<F extends object, E extends Error>(fields: F, error: E): void {
    log.info("message", fields);
    log.error("message", error, fields);
    log.error(error, fields);
    log.with(fields);
  }
  calls(order, new RangeError("boom"));
});

it("takes undefined for what isn't said", () => {
  const missing = undefined as string | undefined;
  withContext(
    { runner: missing, worker: missing, invocation: missing, task: missing, trace: undefined },
    () => 1,
  );
  configure({
    sinks: { memory: { sink: memorySink(), level: undefined, format: undefined } },
    loggers: { audit: { level: undefined, sinks: undefined } },
  });
});

it("takes a level by its name, its constant, or none", () => {
  const named = getLogger("named");
  named.setLevel(LOG_LEVEL_DEBUG);
  expect(named.isEnabled("debug")).toBe(true);
  named.setLevel("warn");
  expect(named.isEnabled("info")).toBe(false);
  named.setLevel(undefined);
  expect(named.isEnabled("info")).toBe(true);
  // @ts-expect-error there is no such level
  named.setLevel("loud");
  // @ts-expect-error nor here
  named.isEnabled("loud");
});

it("refuses what is no message", () => {
  // @ts-expect-error nothing was said
  log.info();
  // @ts-expect-error a number is no message
  log.info(42);
  // @ts-expect-error fields come after the message
  log.info({ orderId: 1 }, "message");
  // @ts-expect-error and are none by themselves
  log.info(order);
  // @ts-expect-error nobody waited for it
  log.info(Promise.resolve("message"));
});

it("refuses what is neither fields nor an error", () => {
  const text = String("more");
  // @ts-expect-error a text
  log.info("message", "more");
  // @ts-expect-error whatever it says
  log.info("message", text);
  // @ts-expect-error a number
  log.info("message", 42);
  // @ts-expect-error a list
  log.info("message", [1, 2]);
  // @ts-expect-error a set
  log.info("message", new Set(["a"]));
  // @ts-expect-error a map
  log.info("message", new Map([["a", 1]]));
  // @ts-expect-error a date
  log.info("message", new Date());
  // @ts-expect-error a promise
  log.info("message", Promise.resolve({ orderId: 1 }));
  // @ts-expect-error a function
  log.info("message", () => 1);
  // @ts-expect-error a class
  log.info("message", Error);
});

it("refuses after an error what is no fields", () => {
  // @ts-expect-error a text
  log.error("message", unknownError, "more");
  // @ts-expect-error with or without a message
  log.error(unknownError, "more");
  // @ts-expect-error another error
  log.error("message", unknownError, new Error("boom"));
  // @ts-expect-error a date
  log.error(new Error("boom"), new Date());
});

it("refuses bindings that are no fields", () => {
  // @ts-expect-error a text
  log.with("text");
  // @ts-expect-error an error
  log.with(new Error("boom"));
  // @ts-expect-error a promise
  log.with(Promise.resolve(order));
});

it("refuses global metadata that must be waited for", () => {
  configure({ globalMetadata: { region: "eu" } });
  configure({ globalMetadata: () => ({ region: "eu" }) });
  configure({ globalMetadata: () => order });
  configure({ globalMetadata: () => undefined });
  // @ts-expect-error a promise has no fields yet
  configure({ globalMetadata: async () => ({ region: "eu" }) });
});

it("refuses a logger without a name", () => {
  // @ts-expect-error a name is a text
  expect(() => getLogger()).toThrow(TypeError);
});
