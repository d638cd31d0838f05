import { LIMITS, limited } from "./limits.ts";
import { isPlainObject } from "./plain-object.ts";

/** Fields of an error that are told by themselves. */
export const KNOWN_OF_ERRORS: ReadonlySet<string> = new Set(["name", "message", "stack", "cause", "errors"]);

/** What a copy of an error is made with. */
export interface ErrorCopy {
  /** Makes something writable of what an error has under a name. */
  member(value: unknown, name: string): unknown;
  /** Makes something writable of all fields of these names. */
  fields(names: readonly string[], get: (name: string) => unknown): Record<string, unknown>;
  /** Cuts a text that is too long. */
  text(text: string): string;
}

/** Errors of other realms (`vm`, frames) have another `Error`. Never throws. */
export function isError(value: unknown): value is Error {
  if (typeof value !== "object" || value === null) return false;
  try {
    if (isPlainObject(value)) return false;
    return value instanceof Error || Object.prototype.toString.call(value) === "[object Error]";
  } catch {
    // A revoked proxy, or a tag that throws.
    return false;
  }
}

/**
 * What is known of an error: `name`, `message`, `stack`, the errors behind it (`cause`, and `errors` of an AggregateError)
 * and whatever fields it has besides, such as `code`. How many errors, and how deep, is for `copy` to bound.
 */
export function plainError(error: Error, copy: ErrorCopy): Record<string, unknown> {
  const plain: Record<string, unknown> = {
    name: copy.text(textOf(error, "name") || "Error"),
    message: copy.text(messageOf(error)),
    stack: copy.text(textOf(error, "stack")),
    ...copy.fields(
      Object.keys(error).filter((name) => !KNOWN_OF_ERRORS.has(name)),
      (name) => (error as unknown as Record<string, unknown>)[name],
    ),
  };
  const cause = read(error, "cause");
  if (cause !== undefined) plain.cause = copy.member(cause, "cause");
  const errors = errorsOf(error);
  if (errors !== undefined) plain.errors = copy.member(errors, "errors");
  return plain;
}

/** The first of the errors within an AggregateError, and how many more there are. */
function errorsOf(error: Error): unknown[] | undefined {
  try {
    const errors = read(error, "errors");
    if (!Array.isArray(errors)) return undefined;
    const few: unknown[] = errors.slice(0, LIMITS.siblings);
    if (errors.length > few.length) few.push(`[${errors.length - few.length} more left out]`);
    return few;
  } catch {
    return undefined;
  }
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

/** The message of whatever was thrown: always a text. Never throws. */
export function messageOf(error: unknown): string {
  try {
    if (!isError(error)) return String(error);
    const message: unknown = error.message;
    return message === undefined ? "" : String(message);
  } catch {
    return "unknown error";
  }
}

/** What is left of a record for errors that lie behind one another. */
interface Walk {
  readonly ancestors: Error[];
  errors: number;
  text: number;
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
export function stackOf(error: unknown): string {
  return stackWithin(error, { ancestors: [], errors: LIMITS.errors, text: LIMITS.total });
}

function stackWithin(error: unknown, walk: Walk): string {
  if (!isError(error)) return cut(messageOf(error), walk);
  if (walk.ancestors.includes(error)) return "[Circular]";
  if (--walk.errors < 0) return FURTHER_ERRORS;
  walk.ancestors.push(error);
  let text = cut(textOf(error, "stack") || `${textOf(error, "name") || "Error"}: ${messageOf(error)}`, walk);
  const cause = read(error, "cause");
  if (cause !== undefined) text += `\nCaused by: ${stackWithin(cause, walk)}`;
  for (const inner of errorsOf(error) ?? []) text += `\nOne of them: ${stackWithin(inner, walk)}`;
  walk.ancestors.pop();
  return text;
}

/** Stands for errors beyond the {@link LIMITS}. */
export const FURTHER_ERRORS = "[Further errors left out]";

function cut(text: string, walk: Walk): string {
  const shown = limited(text, walk.text);
  walk.text = Math.max(0, walk.text - text.length);
  return shown;
}
