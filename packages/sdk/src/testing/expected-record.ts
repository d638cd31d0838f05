import type { Level } from "../logger/level.ts";
import type { ExecutionContext, LogRecord, TraceIds } from "../logger/record.ts";
import { mismatch, show } from "./mismatch.ts";

/** What a record is expected to be. What isn't given may be anything. */
export interface ExpectedRecord {
  readonly level?: Level;
  /** The exact name of the logger, or a pattern of it. */
  readonly logger?: string | RegExp;
  /** The exact message, or a pattern of it. */
  readonly message?: string | RegExp;
  /** Fields that the record has, among others. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** Its class, its exact message, a pattern of its message, or properties that it has; `true` for any. */
  readonly error?: true | string | RegExp | object | (abstract new (...parameters: never[]) => unknown);
  readonly context?: ExecutionContext;
  readonly trace?: Partial<TraceIds>;
}

/** All in which a record differs from what is expected, a line each; none when it is as expected. */
export function differences(expected: ExpectedRecord, record: LogRecord): string[] {
  return Object.entries(expected).flatMap(([key, value]) => {
    if (value === undefined) return [];
    const difference =
      key === "error"
        ? errorMismatch(value, record.error)
        : mismatch(value, (record as unknown as Record<string, unknown>)[key], key);
    return difference === undefined ? [] : [difference];
  });
}

function errorMismatch(expected: unknown, actual: unknown): string | undefined {
  const differs = `error: expected ${expected === true ? "one" : show(expected)}, got ${show(actual)}`;
  if (actual === undefined) return differs;
  if (expected === true) return undefined;
  if (typeof expected === "function") return actual instanceof expected ? undefined : differs;
  if (typeof expected === "string" || expected instanceof RegExp) {
    const message = actual instanceof Error ? actual.message : String(actual);
    return mismatch(expected, message, "error.message");
  }
  if (expected instanceof Error) {
    const { name, message } = expected;
    return mismatch({ name, message }, actual, "error");
  }
  return mismatch(expected, actual, "error");
}
