import { newDraft } from "../../formats/format.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import type { RecordBuilder } from "../../formats/record-builder.ts";
import { setSeverity } from "../../formats/severity-text.ts";
import type { LogRecord } from "../../record/record.ts";
import { LEVEL_NUMBER } from "../../record/severity.ts";
import { addFields, addFlat, addNamed, textOf } from "../flatten.ts";
import { positionOf, type StackFrame, stackText, type ThrownError } from "../stack-text.ts";
import { timeOf } from "../times.ts";

/** Errors of a chain that are followed. */
const MAX_CHAIN = 50;
/** Calls of one error that are looked at for what a stack trace doesn't tell. */
const MAX_FRAMES = 200;
/** What the text of a stack trace tells of an error, and of a call. */
const ERROR_FIELDS: ReadonlySet<string> = new Set(["className", "message", "stackTrace", "innerError"]);
const FRAME_FIELDS: ReadonlySet<string> = new Set([
  ...["className", "methodName", "fileName", "lineNumber", "columnNumber"],
]);
/** Names that Raygun's clients write where they know none. */
const UNKNOWN: ReadonlySet<string> = new Set(["", "unknown", "[anonymous]", "(none)"]);

/** Where the fields of `details` go; those that are not here keep their name behind `raygun.`. */
const NAMES: ReadonlyMap<string, string> = new Map([
  ["groupingKey", "raygun.grouping_key"],
  ["correlationId", "raygun.correlation_id"],
  ["environment", "environment"],
  ["tags", "tags"],
  ["userCustomData", "custom"],
  ["breadcrumbs", "breadcrumbs"],
]);
const USER_NAMES: ReadonlyMap<string, string> = new Map([
  ["identifier", "user.id"],
  ["email", "user.email"],
  ["fullName", "user.full_name"],
  ["firstName", "user.first_name"],
  ["isAnonymous", "user.is_anonymous"],
]);
const REQUEST_NAMES: ReadonlyMap<string, string> = new Map([
  ["hostName", "server.address"],
  ["url", "url.path"],
  ["httpMethod", "http.request.method"],
  ["iPAddress", "client.address"],
  ["ipAddress", "client.address"],
  ["headers", "http.request.header"],
]);

/**
 * The record of one entry, `null` when it is none: it has no `details.error`.
 *
 * @param now nanoseconds since 1970, for entries without a time
 */
export function recordOfEntry(entry: JsonObject, builder: RecordBuilder, now: bigint): LogRecord | null {
  const { occurredOn, details, ...more } = entry;
  if (!isJsonObject(details) || !isJsonObject(details.error)) return null;
  const { error, machineName, version, client, user, request, ...others } = details;
  const draft = newDraft();
  const { attributes, resource } = draft;
  draft.timestamp = timeOf(occurredOn);
  if (draft.timestamp === undefined) addFlat(attributes, "raygun.occurredOn", occurredOn);
  setSeverity(draft, LEVEL_NUMBER.error);
  draft.host = textOf(machineName);

  const chain = chainOf(error);
  const { type, message } = chain[0]!;
  draft.body = message || type || textOf(error);
  if (type !== "") attributes.push("exception.type", type);
  if (message !== "") attributes.push("exception.message", message);
  attributes.push("exception.stacktrace", stackText(chain, "raygun"));
  if (!isToldByStack(error)) attributes.push("raygun.error", JSON.stringify(error));

  for (const key of Object.keys(others)) addFlat(attributes, NAMES.get(key) ?? `raygun.${key}`, others[key]);
  addNamed(attributes, "user", user, USER_NAMES);
  addNamed(attributes, "request", request, REQUEST_NAMES);
  addFields(attributes, "raygun", more);
  addFlat(resource, "service.version", version);
  addClient(draft, client);
  return builder.build(draft, now, now);
}

/** The client is what OpenTelemetry calls the SDK. */
function addClient(draft: { runtime: string; readonly resource: string[] }, client: unknown): void {
  if (!isJsonObject(client)) return;
  const { name, version, ...others } = client;
  addFlat(draft.resource, "telemetry.sdk.name", name);
  addFlat(draft.resource, "telemetry.sdk.version", version);
  addFields(draft.resource, "raygun.client", others);
  if (textOf(name) === "raygun-node") draft.runtime = "node";
}

function chainOf(error: JsonObject): ThrownError[] {
  const chain: ThrownError[] = [];
  let next: unknown = error;
  while (isJsonObject(next) && chain.length < MAX_CHAIN) {
    chain.push({
      type: textOf(next.className),
      message: textOf(next.message),
      frames: Array.isArray(next.stackTrace) ? next.stackTrace.filter(isJsonObject).map(frameOf) : [],
    });
    // .NET's AggregateException has many.
    next = next.innerError ?? (Array.isArray(next.innerErrors) ? next.innerErrors[0] : undefined);
  }
  return chain;
}

/** True when nothing of an error would be lost by its stack trace alone: most clients send nothing else. */
function isToldByStack(error: JsonObject): boolean {
  let next: unknown = error;
  for (let length = 0; isJsonObject(next); length++) {
    const frames = next.stackTrace ?? [];
    const isPlain =
      length < MAX_CHAIN &&
      hasOnly(next, ERROR_FIELDS) &&
      Array.isArray(frames) &&
      frames.length <= MAX_FRAMES &&
      frames.every((frame: unknown) => isJsonObject(frame) && hasOnly(frame, FRAME_FIELDS));
    if (!isPlain) return false;
    next = next.innerError;
  }
  return next === undefined || next === null;
}

function hasOnly(object: JsonObject, names: ReadonlySet<string>): boolean {
  for (const key of Object.keys(object)) if (!names.has(key)) return false;
  return true;
}

function frameOf(frame: JsonObject): StackFrame {
  const names = [textOf(frame.className), textOf(frame.methodName)].filter((name) => !UNKNOWN.has(name));
  const [className = "", methodName = ""] = names;
  return {
    // Node's function names begin with their class already.
    function: methodName.startsWith(`${className}.`) ? methodName : names.join("."),
    file: textOf(frame.fileName),
    line: positionOf(frame.lineNumber),
    column: positionOf(frame.columnNumber),
    source: "",
  };
}
