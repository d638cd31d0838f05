import { AssertionError } from "node:assert";
import { type Expectation, findLogged, type Logs } from "./find-logged.ts";

/**
 * For `node:test` and every other runner: throws unless a record as expected was logged.
 *
 * @param times how often it must have been; at least once when it isn't given
 * @throws AssertionError, with the records that come nearest
 *
 * @example
 * assertLogged(logs, { level: "error", message: /declined/, metadata: { orderId: 17 } });
 */
export function assertLogged(logs: Logs, expectation: Expectation, times?: number): void {
  const { isFound, missing } = findLogged(logs, expectation, times);
  if (!isFound) throw failure(missing, expectation, assertLogged);
}

/**
 * Throws when a record like that was logged.
 *
 * @example
 * assertNotLogged(logs, { level: "error" });
 */
export function assertNotLogged(logs: Logs, expectation: Expectation): void {
  const { isFound, unwanted } = findLogged(logs, expectation);
  if (isFound) throw failure(unwanted, expectation, assertNotLogged);
}

function failure(message: string, expected: unknown, stackStartFn: typeof assertLogged): AssertionError {
  return new AssertionError({ message, expected, operator: stackStartFn.name, stackStartFn });
}
