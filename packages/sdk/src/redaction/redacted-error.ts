import { isError } from "../format/error.ts";
import { plainValue } from "../format/plain-value.ts";
import type { Redactor } from "./redactor.ts";

/** Fields that an error has without showing them. */
const HIDDEN = new Set(["name", "message", "stack", "cause", "errors"]);

/** A copy of what was thrown in which secrets are masked; an error stays one of its class. Never throws. */
export function redactedError(error: unknown, redactor: Redactor): unknown {
  const plain = plainValue(error, redactor);
  if (!isError(error) || typeof plain !== "object" || plain === null) return plain;
  const copy: object = Object.create(Object.getPrototypeOf(error) as object);
  for (const [name, value] of Object.entries(plain)) {
    Object.defineProperty(copy, name, {
      value,
      enumerable: !HIDDEN.has(name),
      writable: true,
      configurable: true,
    });
  }
  return copy;
}
