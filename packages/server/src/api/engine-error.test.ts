import { EngineError } from "@polylog/engine";
import { expect, it } from "vitest";
import { PolylogError } from "../errors.ts";
import { isTimeLimit, questionError } from "./engine-error.ts";

/** As `@clickhouse/client` throws it. */
function clickHouse(code: string, message = "secret SELECT"): Error {
  return Object.assign(new Error(message), { code, type: "SOME_TYPE" });
}
function system(code: string, message = code): Error {
  return Object.assign(new Error(message), { code });
}

it.each<[error: unknown, code: string, retryAfter: number | undefined]>([
  [clickHouse("159"), "POLYLOG_E_QUERY_LIMIT", undefined],
  [clickHouse("158"), "POLYLOG_E_QUERY_LIMIT", undefined],
  [clickHouse("396"), "POLYLOG_E_QUERY_LIMIT", undefined],
  [clickHouse("241", "Query memory limit exceeded: would use 2 GiB"), "POLYLOG_E_QUERY_LIMIT", undefined],
  [clickHouse("241", "User memory limit exceeded: would use 2 GiB"), "POLYLOG_E_STORE_UNAVAILABLE", 1],
  [clickHouse("241", "(total) memory limit exceeded: would use 2 GiB"), "POLYLOG_E_STORE_UNAVAILABLE", 1],
  [clickHouse("202"), "POLYLOG_E_STORE_UNAVAILABLE", 1],
  [clickHouse("60"), "POLYLOG_E_STORE_UNAVAILABLE", 1],
  [clickHouse("427"), "POLYLOG_E_BAD_REQUEST", undefined],
  [clickHouse("62"), "POLYLOG_E_INTERNAL", undefined],
  [system("ECONNREFUSED"), "POLYLOG_E_STORE_UNAVAILABLE", 1],
  [system("ECONNRESET", "aborted"), "POLYLOG_E_STORE_UNAVAILABLE", 1],
  [new Error("socket hang up"), "POLYLOG_E_STORE_UNAVAILABLE", 1],
  [new EngineError("POLYLOG_E_ENGINE_UNAVAILABLE", "restarting"), "POLYLOG_E_STORE_UNAVAILABLE", 1],
  [new SyntaxError("Unexpected end of JSON input"), "POLYLOG_E_INTERNAL", undefined],
  ["text", "POLYLOG_E_INTERNAL", undefined],
])("%o becomes %s", (error, code, retryAfter) => {
  const problem = questionError(error);
  expect([problem.code, problem.retryAfterSeconds]).toEqual([code, retryAfter]);
  expect(problem.cause).toBe(error);
  expect(problem.message + problem.remedy).not.toContain("secret");
});

it("leaves our own errors as they are", () => {
  const error = new PolylogError("POLYLOG_E_NOT_FOUND", "None.");
  expect(questionError(error)).toBe(error);
});

it.each<[error: unknown, isTime: boolean]>([
  [questionError(clickHouse("159")), true],
  [questionError(clickHouse("160")), true],
  [questionError(clickHouse("158")), false],
  [clickHouse("159"), false],
])("%o is a limit of time: %s", (error, isTime) => {
  expect(isTimeLimit(error)).toBe(isTime);
});
