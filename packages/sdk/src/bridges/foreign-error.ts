/** An error as data: what serializers of other libraries leave of one. */
export interface PlainError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
  /** Of an AggregateError. */
  readonly errors?: unknown;
  /** What it has besides, such as `code`. */
  readonly fields?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Makes an error of data again, so that formats and sinks treat it like one that was never serialised.
 *
 * @example
 * foreignError({ name: "TypeError", message: "x is not a function", stack: "TypeError: x is…" });
 */
export function foreignError({ name, message, stack, cause, errors, fields }: PlainError): Error {
  const error = withoutStack();
  for (const [key, value] of Object.entries(fields ?? {})) define(error, key, value, true);
  define(error, "message", typeof message === "string" ? message : "");
  if (typeof name === "string" && name !== "") define(error, "name", name);
  define(error, "stack", typeof stack === "string" ? stack : `${error.name}: ${error.message}`);
  if (cause !== undefined) define(error, "cause", cause);
  if (errors !== undefined) define(error, "errors", errors);
  return error;
}

/** Taking a stack is what makes errors dear, and this one would only show the bridge. */
function withoutStack(): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 0;
  try {
    return new Error();
  } finally {
    Error.stackTraceLimit = limit;
  }
}

/** Defined, not assigned: a field called `__proto__` is a field like any other. */
function define(error: Error, key: string, value: unknown, enumerable = false): void {
  Object.defineProperty(error, key, { value, enumerable, configurable: true, writable: true });
}
