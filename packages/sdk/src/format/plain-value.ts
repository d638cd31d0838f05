import type { RedactionPath, Redactor } from "../redaction/redactor.ts";
import { FURTHER_ERRORS, isError, messageOf, plainError } from "./error.ts";
import { LIMITS, limited } from "./limits.ts";

/** Bytes of a buffer that are shown. */
const SHOWN_BYTES = 32;

/**
 * A copy of any value that JSON can hold, with what is secret masked. Never throws, always ends: what can't be copied is
 * told in its place, such as `[Circular]`, `[Throws: boom]`, `[17 more left out]`.
 */
export function plainValue(value: unknown, redactor?: Redactor): unknown {
  return new Copier(redactor).copy(value, redactor?.root, 0);
}

class Copier {
  readonly #redactor: Redactor | undefined;
  readonly #ancestors: object[] = [];
  #left: number = LIMITS.values;
  #errors: number = LIMITS.errors;
  /** Room for texts and names. */
  #room: number = LIMITS.total;

  constructor(redactor: Redactor | undefined) {
    this.#redactor = redactor;
  }

  /** @param path where the value lies in the paths that are masked */
  copy(value: unknown, path: RedactionPath | undefined, depth: number): unknown {
    switch (typeof value) {
      case "string":
        return this.#text(value);
      case "number":
        return Number.isFinite(value) ? value : String(value);
      case "bigint":
      case "symbol":
        return this.#text(String(value));
      case "function":
        return this.#text(`[Function: ${nameOf(value) || "anonymous"}]`);
      case "object":
        return value === null ? null : this.#guarded(value, path, depth);
      default:
        return value;
    }
  }

  #guarded(value: object, path: RedactionPath | undefined, depth: number): unknown {
    if (this.#ancestors.includes(value)) return "[Circular]";
    if (depth >= LIMITS.depth) return "[Deeper levels left out]";
    this.#ancestors.push(value);
    try {
      return this.#object(value, path, depth);
    } catch (error) {
      return thrown(error);
    } finally {
      this.#ancestors.pop();
    }
  }

  #object(value: object, path: RedactionPath | undefined, depth: number): unknown {
    if (Array.isArray(value)) return this.#list(value, value.length, path, depth);
    if (isError(value)) {
      if (--this.#errors < 0) return FURTHER_ERRORS;
      return plainError(value, {
        member: (inner, name) => this.#member(inner, name, path, depth),
        fields: (names, get) => this.#fields(names, get, path, depth),
        text: (text) => this.#text(text),
      });
    }
    if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
    if (value instanceof Map) return this.#map(value, path, depth);
    if (value instanceof Set) return this.#list(value, value.size, path, depth);
    if (ArrayBuffer.isView(value)) return bytesOf(value);
    if (value instanceof ArrayBuffer) return bytesOf(new Uint8Array(value));
    if (
      value instanceof RegExp ||
      value instanceof Number ||
      value instanceof String ||
      value instanceof Boolean
    ) {
      return this.#text(String(value));
    }
    if (value instanceof Promise || value instanceof WeakMap || value instanceof WeakSet) {
      return `[${value.constructor.name}]`;
    }
    const { toJSON } = value as { toJSON?: unknown };
    if (typeof toJSON === "function") return this.copy(toJSON.call(value), path, depth + 1);
    return this.#fields(Object.keys(value), (name) => (value as Record<string, unknown>)[name], path, depth);
  }

  #text(text: string): string {
    const shown = limited(text, this.#room);
    this.#room = Math.max(0, this.#room - text.length);
    return shown;
  }

  #list(
    values: Iterable<unknown>,
    length: number,
    path: RedactionPath | undefined,
    depth: number,
  ): unknown[] {
    const list: unknown[] = [];
    for (const value of values) {
      if (--this.#left < 0) {
        list.push(`[${length - list.length} more left out]`);
        break;
      }
      const inner = path?.element(list.length);
      list.push(inner?.isEnd ? this.#redactor!.censor : (this.copy(value, inner, depth + 1) ?? null));
    }
    return list;
  }

  #map(value: ReadonlyMap<unknown, unknown>, path: RedactionPath | undefined, depth: number): unknown {
    if (![...value.keys()].every((key) => typeof key === "string")) return this.#pairs(value, path, depth);
    const map = value as ReadonlyMap<string, unknown>;
    return this.#fields([...map.keys()], (name) => map.get(name), path, depth);
  }

  /** A map some of whose keys no object can have. What is secret under one that it can have stays so. */
  #pairs(map: ReadonlyMap<unknown, unknown>, path: RedactionPath | undefined, depth: number): unknown[] {
    const pairs: unknown[] = [];
    for (const [key, value] of map) {
      if (--this.#left < 0) {
        pairs.push(`[${map.size - pairs.length} more left out]`);
        break;
      }
      const name = typeof key === "object" || typeof key === "function" ? "" : String(key);
      const shown = this.#member(value, name, path, depth + 1);
      pairs.push([this.copy(key, undefined, depth + 2) ?? null, shown ?? null]);
    }
    return pairs;
  }

  #fields(
    names: readonly string[],
    get: (name: string) => unknown,
    path: RedactionPath | undefined,
    depth: number,
  ): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    let done = 0;
    for (const name of names) {
      if (--this.#left < 0) {
        fields["…"] = `[${names.length - done} more left out]`;
        break;
      }
      done++;
      let value: unknown;
      try {
        value = this.#member(get(name), name, path, depth);
      } catch (error) {
        value = thrown(error);
      }
      if (value !== undefined) define(fields, this.#text(name), value);
    }
    return fields;
  }

  #member(value: unknown, name: string, path: RedactionPath | undefined, depth: number): unknown {
    const inner = path?.member(name);
    if (inner?.isEnd || this.#redactor?.isKey(name))
      return value === undefined ? undefined : this.#redactor!.censor;
    return this.copy(value, inner, depth + 1);
  }
}

/** A field called `__proto__` is a field like any other. */
function define(fields: Record<string, unknown>, name: string, value: unknown): void {
  if (name !== "__proto__") fields[name] = value;
  else Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
}

function thrown(error: unknown): string {
  return `[Throws: ${limited(messageOf(error))}]`;
}

function nameOf(value: { readonly name?: unknown }): string {
  try {
    return typeof value.name === "string" ? value.name : "";
  } catch {
    return "";
  }
}

/** `[3 bytes: 010203]` */
function bytesOf(view: ArrayBufferView): string {
  const bytes = new Uint8Array(view.buffer, view.byteOffset, Math.min(view.byteLength, SHOWN_BYTES));
  let hex = "";
  for (const byte of bytes) hex += byte.toString(16).padStart(2, "0");
  return `[${view.byteLength} bytes: ${hex}${view.byteLength > SHOWN_BYTES ? "…" : ""}]`;
}
