import { expect } from "vitest";
import type { Expectation } from "./find-logged.ts";
import { polylogMatchers } from "./matchers.ts";

interface PolylogMatchers<Result> {
  /** Passes when a record as expected was logged. */
  toHaveLogged(expectation: Expectation): Result;
  /** Passes when just so many records as expected were logged. */
  toHaveLoggedTimes(times: number, expectation: Expectation): Result;
}

declare module "vitest" {
  // biome-ignore lint/suspicious/noExplicitAny: has to repeat vitest's own declaration
  interface Matchers<T = any> extends PolylogMatchers<T> {}
}

expect.extend(polylogMatchers);

export * from "./index.ts";
