import type { Attributes, Resource, Scope } from "./record.ts";

/** The value of an attribute, or `undefined`. The last of equal keys wins, as in JSON. */
function attribute(attributes: Attributes, key: string): string | undefined {
  for (let i = attributes.length - 2; i >= 0; i -= 2) if (attributes[i] === key) return attributes[i + 1];
  return undefined;
}

/** The resource attributes that name a runtime, in order of trust. */
const RUNTIME_KEYS = ["polylog.runtime", "telemetry.sdk.language", "process.runtime.name"] as const;

/** Names of one runtime under which SDKs report it. */
const RUNTIMES: ReadonlyMap<string, string> = new Map([
  ["nodejs", "node"],
  ["node.js", "node"],
  ["webjs", "browser"],
  ["cpython", "python"],
  ["pypy", "python"],
  ["openjdk runtime environment", "java"],
]);

/**
 * The one name of a runtime, whichever of its names it is given by; a name that isn't known in lower case.
 *
 * @example
 * runtimeOf("nodejs"); // "node"
 */
export function runtimeOf(name: string): string {
  const lower = name.toLowerCase();
  return RUNTIMES.get(lower) ?? lower;
}

/**
 * A resource from its attributes: service, host and runtime are read from OpenTelemetry's names.
 *
 * @example
 * resourceOf(["service.name", "checkout", "telemetry.sdk.language", "nodejs"]).runtime; // "node"
 */
export function resourceOf(attributes: Attributes, schemaUrl = ""): Resource {
  let runtime = "";
  for (const key of RUNTIME_KEYS) {
    runtime = runtimeOf(attribute(attributes, key) ?? "");
    if (runtime !== "") break;
  }
  return {
    attributes,
    schemaUrl,
    serviceName: attribute(attributes, "service.name") ?? "",
    host: attribute(attributes, "host.name") ?? "",
    runtime,
  };
}

/** A scope that has a name and nothing else. */
export function scopeOf(name: string, version = "", attributes: Attributes = [], schemaUrl = ""): Scope {
  return { name, version, schemaUrl, attributes };
}
