import { LIMITS, limited } from "./limits.ts";

/** Fields of an error that are told by themselves. */
const KNOWN = new Set(["name", "message", "stack", "cause", "errors"]);

/** Makes something writable of a field of an error. */
type CopyMember = (value: unknown, name: string) => unknown;

/**
 * What is known of an error: `name`, `message`, `stack`, the errors behind it (`cause`, and `errors` of an AggregateError)
 * and whatever fields it has besides, such as `code`.
 */
export function plainError(error: Error, copy: CopyMember, causes = 0): Record<string, unknown> {
  const plain: Record<string, unknown> = {
    name: textOf(error, "name") || "Error",
    message: limited(textOf(error, "message")),
    stack: limited(textOf(error, "stack")),
  };
  for (const name of Object.keys(error)) {
    if (!KNOWN.has(name)) plain[name] = copy(read(error, name), name);
  }
  const cause = read(error, "cause");
  if (cause !== undefined) {
    if (causes >= LIMITS.causes) plain.cause = "[Further causes left out]";
    else plain.cause = cause instanceof Error ? plainError(cause, copy, causes + 1) : copy(cause, "cause");
  }
  const errors = read(error, "errors");
  if (Array.isArray(errors)) {
    const few: readonly unknown[] = errors.slice(0, LIMITS.causes);
    plain.errors = few.map((inner) =>
      inner instanceof Error && causes < LIMITS.causes
        ? plainError(inner, copy, causes + 1)
        : copy(inner, "errors"),
    );
  }
  return plain;
}

function read(error: Error, name: string): unknown {
  try {
    return (error as unknown as Record<string, unknown>)[name];
  } catch {
    return undefined;
  }
}

function textOf(error: Error, name: string): string {
  const value = read(error, name);
  return typeof value === "string" ? value : "";
}

/** The message of whatever was thrown. Never throws. */
export function messageOf(error: unknown): string {
  try {
    return error instanceof Error ? error.message : String(error);
  } catch {
    return "unknown error";
  }
}

/**
 * The stack of whatever was thrown, and of the errors behind it, as Node prints them: for the text formats.
 *
 * @example
 * stackOf(new Error("boom", { cause: new Error("deep") }));
 * // Error: boom
 * //     at …
 * // Caused by: Error: deep
 * //     at …
 */
export function stackOf(error: unknown, causes = 0): string {
  if (!(error instanceof Error)) return messageOf(error);
  const stack = textOf(error, "stack") || `${textOf(error, "name") || "Error"}: ${textOf(error, "message")}`;
  if (causes >= LIMITS.causes) return limited(stack);
  let text = limited(stack);
  const cause = read(error, "cause");
  if (cause !== undefined) text += `\nCaused by: ${stackOf(cause, causes + 1)}`;
  const errors = read(error, "errors");
  if (Array.isArray(errors)) {
    for (const inner of errors.slice(0, LIMITS.causes))
      text += `\nOne of them: ${stackOf(inner, causes + 1)}`;
  }
  return text;
}
