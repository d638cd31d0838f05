import { builtin } from "../../builtin.ts";
import type { LogRecord, System } from "../../logger/record.ts";
import { keyValues } from "./any-value.ts";

/** Names of runtimes as `telemetry.sdk.language` has them (OpenTelemetry semantic conventions). */
const LANGUAGES: Readonly<Record<System, string>> = {
  node: "nodejs",
  rust: "rust",
  python: "python",
  cpp: "cpp",
  browser: "webjs",
};

/** Settings of the resource: what records come from. */
export interface ResourceSettings {
  readonly serviceName: string | undefined;
  /** Further attributes; they win over those that are found out. */
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * Makes the `Resource` of records, as JSON. There is one for each runtime that they come from, and for each
 * application's name.
 */
export function createResources({
  serviceName,
  attributes,
}: ResourceSettings): (record: LogRecord) => string {
  const found = ofProcess();
  const made = new Map<string, string>();
  return ({ system, appId }) => {
    const key = `${system} ${appId}`;
    let resource = made.get(key);
    if (resource === undefined) {
      resource = JSON.stringify({
        attributes: keyValues({
          ...found,
          "service.name": appId || unknownService(),
          "telemetry.sdk.name": "polylog",
          "telemetry.sdk.language": LANGUAGES[system],
          ...attributes,
          ...(serviceName !== undefined && { "service.name": serviceName }),
        }),
      });
      made.set(key, resource);
    }
    return resource;
  };
}

/** What the specification wants a service without a name to be called. */
function unknownService(): string {
  const executable = globalThis.process?.argv0?.split(/[/\\]/).at(-1);
  return executable ? `unknown_service:${executable}` : "unknown_service";
}

function ofProcess(): Record<string, unknown> {
  const { process } = globalThis;
  if (process?.versions?.node === undefined) return {};
  return {
    "host.name": builtin("node:os")?.hostname(),
    "process.pid": process.pid,
    "process.runtime.name": "nodejs",
    "process.runtime.version": process.versions.node,
  };
}
