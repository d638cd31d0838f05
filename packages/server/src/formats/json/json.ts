import type { Draft, Format } from "../format.ts";
import type { Clock } from "../time/clock.ts";
import { UTC } from "../time/zone.ts";
import { FieldReader } from "./fields.ts";
import { parseJson } from "./json-text.ts";

/** What parsed JSON holds under a name. */
export type JsonObject = { readonly [name: string]: unknown };

/** Levels of objects within a record; what lies deeper stays JSON text. */
const MAX_DEPTH = 32;
/** Stands where not even that is possible. */
const TOO_DEEP = "[nested too deeply]";

/** JSON lines: pino, winston, bunyan, ECS, zap, logrus, structlog, Datadog, Google, OpenTelemetry, our own. */
export const json: Format = {
  name: "json",
  isSingleLine: true,
  detect: (line) => line.charCodeAt(0) === 123 || line.trimStart().charCodeAt(0) === 123,
  parse(line, clock) {
    let value: unknown;
    try {
      value = parseJson(line);
    } catch {
      return undefined;
    }
    return isJsonObject(value) ? draftOfObject(value, clock, line) : undefined;
  },
};

export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

const NOTHING: ReadonlySet<string> = new Set();

/** One for all: nothing is read in between. */
const READER = new FieldReader({ zone: UTC, reference: 0 });

/**
 * Hot path. The record that an object describes.
 *
 * @param line the object's text, which is the body when the object has no message
 * @param except names of its fields that are left out
 */
export function draftOfObject(
  object: JsonObject,
  clock: Clock,
  line: string,
  except: ReadonlySet<string> = NOTHING,
): Draft {
  READER.begin(clock);
  addFields(READER, "", object, 0, except);
  return READER.finish(line);
}

function addFields(
  fields: FieldReader,
  prefix: string,
  object: JsonObject,
  depth: number,
  except: ReadonlySet<string>,
): void {
  for (const key of Object.keys(object)) {
    if (except.size > 0 && except.has(key)) continue;
    const value = object[key];
    const name = prefix === "" ? key : `${prefix}.${key}`;
    switch (typeof value) {
      case "string":
      case "number":
      case "boolean":
        fields.add(name, value);
        break;
      case "object":
        if (value === null) break;
        if (Array.isArray(value) || depth === MAX_DEPTH) fields.add(name, textOf(value));
        else addFields(fields, name, value as JsonObject, depth + 1, NOTHING);
    }
  }
}

function textOf(value: unknown): string {
  try {
    return JSON.stringify(value);
  } catch {
    // The only way to fail for what JSON.parse made: thousands of levels overflow the stack.
    return TOO_DEEP;
  }
}
