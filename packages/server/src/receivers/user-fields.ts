import type { Draft } from "../formats/format.ts";
import { FieldReader, type Leaf } from "../formats/json/fields.ts";
import { meaningOf, type Role } from "../formats/json/roles.ts";
import type { Clock } from "../formats/time/clock.ts";
import { UTC } from "../formats/time/zone.ts";
import { addFlat } from "./flatten.ts";

/** What fields of users may mean: a protocol has names of its own for time, level, text and host. */
const ROLES: ReadonlySet<Role> = new Set([
  ...(["traceId", "spanId", "traceFlags", "traceSampled", "datadogTraceId", "datadogSpanId"] as const),
  ...(["service", "logger", "runtime", "pid", "eventName"] as const),
  ...(["stack", "exceptionType", "exceptionMessage"] as const),
]);

const LOWER_E = 101;

/** Levels of objects that are looked into for names with a meaning. */
const MAX_DEPTH = 4;

/**
 * Hot path. Takes the fields that a protocol leaves to its users: one whose name means a service, a logger, a trace or
 * an error in `formats/json/roles.ts` fills its part of the record, every other one is an attribute.
 *
 * @example
 * const fields = new UserFields();
 * fields.begin(clock);
 * fields.add("trace_id", "0af7651916cd43dd8448eb211c80319c");
 * fields.add("order", { id: 7 });
 * fields.finish().attributes; // ["order.id", "7"]
 */
export class UserFields {
  readonly #known = new FieldReader({ zone: UTC, reference: 0 });
  readonly #names: string[] = [];
  readonly #values: unknown[] = [];

  /** Begins the next record: a reader may be used for many, one after the other. */
  begin(clock: Clock): void {
    this.#known.begin(clock);
    this.#names.length = 0;
    this.#values.length = 0;
  }

  add(name: string, value: unknown, depth = 0): void {
    if (typeof value === "object" && value !== null && !Array.isArray(value) && depth < MAX_DEPTH) {
      const keys = Object.keys(value);
      const prefix = name === "" ? "" : `${name}.`;
      for (const key of keys) {
        this.add(prefix + key, (value as Readonly<Record<string, unknown>>)[key], depth + 1);
      }
      if (keys.length > 0) return;
    }
    const known = isLeaf(value) ? knownName(name) : undefined;
    if (known !== undefined) this.#known.add(known, value as Leaf);
    else this.addAttribute(name, value);
  }

  /** Adds an attribute, whatever its name means elsewhere. */
  addAttribute(name: string, value: unknown): void {
    this.#names.push(name);
    this.#values.push(value);
  }

  /** The stack trace of an error: its type and message are read from it where no field tells them. */
  addStack(stack: string): void {
    this.#known.add("exception.stacktrace", stack);
  }

  finish(): Draft {
    const draft = this.#known.finish();
    for (let i = 0; i < this.#names.length; i++) {
      addFlat(draft.attributes, this.#names[i] as string, this.#values[i]);
    }
    return draft;
  }
}

/** The name under which a field means something. Some writers join the names of nested fields with `_`. */
function knownName(name: string): string | undefined {
  let known = name;
  let meaning = meaningOf(name);
  if (meaning === undefined && name.charCodeAt(0) === LOWER_E && /^(?:err|error|exception)_/.test(name)) {
    known = name.replace("_", ".");
    meaning = meaningOf(known);
  }
  return meaning !== undefined && ROLES.has(meaning.role) ? known : undefined;
}

function isLeaf(value: unknown): value is Leaf {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}
