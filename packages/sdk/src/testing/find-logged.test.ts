import { describe, expect, it } from "vitest";
import type { LogRecord } from "../logger/record.ts";
import { findLogged } from "./find-logged.ts";

function record(fields: Partial<LogRecord>): LogRecord {
  const nothing = {
    metadata: undefined,
    error: undefined,
    context: undefined,
    trace: undefined,
    appId: undefined,
  };
  return { time: 0, level: "info", logger: "shop", message: "paid", system: "node", ...nothing, ...fields };
}

const LOGS = [
  record({ metadata: { orderId: 17, customer: { id: 4 } } }),
  record({ level: "error", message: "card declined", error: new TypeError("issuer answered 05") }),
  record({ logger: "shop.stock", message: "paid", context: { taskId: "t1" } }),
];

it.each([
  ["a message", "paid", true],
  ["a part of a message", "pai", false],
  ["a pattern", /^card/, true],
  ["a level", { level: "error" }, true],
  ["a level that nothing has", { level: "warn" }, false],
  ["a logger", { logger: "shop.stock" }, true],
  ["a pattern of a logger", { logger: /^shop\./, message: "paid" }, true],
  ["fields among others", { metadata: { customer: { id: 4 } } }, true],
  ["fields that none has", { metadata: { orderId: 18 } }, false],
  ["an error of any kind", { error: true }, true],
  ["an error where there is none", { message: "paid", error: true }, false],
  ["an error's class", { error: TypeError }, true],
  ["another class", { error: RangeError }, false],
  ["an error's message", { error: "issuer answered 05" }, true],
  ["a pattern of it", { error: /05$/ }, true],
  ["an error like it", { error: new TypeError("issuer answered 05") }, true],
  ["an error of another name", { error: new Error("issuer answered 05") }, false],
  ["a context", { context: { taskId: "t1" } }, true],
  ["all of a record, but of two", { level: "error", message: "paid" }, false],
  ["anything", {}, true],
] as const)("finds %s: %j", (_, expectation, isFound) => {
  expect(findLogged(LOGS, expectation).isFound).toBe(isFound);
});

it.each([
  ["paid", 2, true],
  ["paid", 1, false],
  ["refunded", 0, true],
])("%s was logged %i times: %s", (message, times, isFound) => {
  expect(findLogged(LOGS, message, times).isFound).toBe(isFound);
});

describe("its message", () => {
  it("shows the nearest records and how they differ", () => {
    const { missing } = findLogged(LOGS, { level: "warn", message: "paid", metadata: { orderId: 18 } });
    expect(missing).toBe(
      [
        'expected a record with level "warn", message "paid", metadata {"orderId":18}, but of 3 records none is. The nearest:',
        '  info shop "paid" {"orderId":17,"customer":{"id":4}}',
        '    level: expected "warn", got "info"',
        "    metadata.orderId: expected 18, got 17",
        '  info shop.stock "paid"',
        '    level: expected "warn", got "info"',
        '    metadata: expected {"orderId":18}, got undefined',
        '  error shop "card declined" (TypeError: issuer answered 05)',
        '    level: expected "warn", got "error"',
        '    message: expected "paid", got "card declined"',
        '    metadata: expected {"orderId":18}, got undefined',
      ].join("\n"),
    );
  });

  it("says that nothing was logged", () => {
    expect(findLogged([], "paid").missing).toBe(
      'expected a record with message "paid", but nothing was logged',
    );
  });

  it("shows what was logged too often", () => {
    expect(findLogged(LOGS, "paid", 1).missing).toMatch(
      / 1 times, but it was logged 2 times:\n {2}info shop /,
    );
  });

  it("shows what should not have been logged", () => {
    expect(findLogged(LOGS, { level: "error" }).unwanted).toBe(
      'expected no record with level "error", but there is:\n  error shop "card declined" (TypeError: issuer answered 05)',
    );
  });
});
