import type { Draft } from "../../formats/format.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { addFields, addFlat, textOf } from "../flatten.ts";

/** What an item says of where it comes from. */
export interface Origin {
  readonly release?: unknown;
  readonly environment?: unknown;
  readonly dist?: unknown;
  readonly server_name?: unknown;
  readonly platform?: unknown;
  readonly sdk?: unknown;
}

/** Sentry's platforms that are runtimes by another name. */
const RUNTIME_OF_PLATFORM: ReadonlyMap<string, string> = new Map([
  ["javascript", "browser"],
  ["csharp", "dotnet"],
]);
const RUNTIMES: ReadonlySet<string> = new Set([
  ...["node", "python", "ruby", "php", "go", "java", "rust", "dotnet", "browser"],
]);

/**
 * Puts the origin into a draft's resource: host, runtime, and OpenTelemetry's names for the rest. A release that is
 * called as Sentry recommends, `shop@1.2.3`, names the service and its version.
 *
 * @param envelope the header around the item, which may tell the SDK
 */
export function setOrigin(draft: Draft, origin: Origin, envelope: JsonObject, project: string): void {
  const { resource } = draft;
  const release = textOf(origin.release);
  const at = release.lastIndexOf("@");
  if (at > 0) draft.service = release.slice(0, at);
  if (release !== "") resource.push("service.version", release.slice(at + 1), "sentry.release", release);
  addFlat(resource, "deployment.environment.name", origin.environment);
  addFlat(resource, "sentry.dist", origin.dist);
  draft.host = textOf(origin.server_name);

  const { name, version, ...others }: JsonObject = [origin.sdk, envelope.sdk].find(isJsonObject) ?? {};
  addFlat(resource, "telemetry.sdk.name", name);
  addFlat(resource, "telemetry.sdk.version", version);
  addFields(resource, "sentry.sdk", others);
  draft.runtime = runtimeOf(textOf(origin.platform), textOf(name));
  if (project !== "") resource.push("sentry.project", project);
}

function runtimeOf(platform: string, sdk: string): string {
  const named = RUNTIME_OF_PLATFORM.get(platform) ?? platform;
  // `sentry.javascript.node`, `sentry.python.django`, `sentry.rust`: the SDK is the surer of the two.
  const ofSdk = sdk
    .split(".")
    .toReversed()
    .find((part) => RUNTIMES.has(part));
  return ofSdk ?? (RUNTIMES.has(named) ? named : "");
}
