import { type Expectation, findLogged, type Logs } from "./find-logged.ts";

/** What `expect.extend` of vitest and jest take. */
interface MatcherResult {
  readonly pass: boolean;
  message(): string;
}

/**
 * Matchers for `expect.extend` of vitest and jest; `polylog/testing/vitest` registers them, types included.
 *
 * @example
 * expect.extend(polylogMatchers);
 * expect(logs).toHaveLogged({ level: "warn", message: /declined/ });
 */
export const polylogMatchers = {
  toHaveLogged: (logs: unknown, expectation: Expectation): MatcherResult => result(logs, expectation),
  toHaveLoggedTimes: (logs: unknown, times: number, expectation: Expectation): MatcherResult =>
    result(logs, expectation, times),
};

function result(logs: unknown, expectation: Expectation, times?: number): MatcherResult {
  if (!isLogs(logs)) {
    return { pass: false, message: () => "expected captured logs, a memory sink or a list of records" };
  }
  const { isFound, missing, unwanted } = findLogged(logs, expectation, times);
  return { pass: isFound, message: () => (isFound ? unwanted : missing) };
}

function isLogs(value: unknown): value is Logs {
  if (Array.isArray(value)) return true;
  return typeof value === "object" && value !== null && "records" in value && Array.isArray(value.records);
}
