import { type Draft, newDraft } from "../../formats/format.ts";
import { spanIdOf, traceIdOf } from "../../formats/ids.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { setSeverityWord } from "../../formats/severity-text.ts";
import { addFields, addFlat, addNamed, textOf } from "../flatten.ts";
import { stackText } from "../stack-text.ts";
import { timeOf } from "../times.ts";
import { chainOf, stackOfThreads, valuesOf } from "./exceptions.ts";
import { setOrigin } from "./origin.ts";

/** The fields of an event that are read by their names; all others are kept as `sentry.NAME`. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...["timestamp", "level", "logger", "message", "logentry", "exception", "stacktrace", "tags", "extra"],
  ...[
    "contexts",
    "user",
    "request",
    "type",
    "release",
    "environment",
    "dist",
    "server_name",
    "platform",
    "sdk",
  ],
]);

/** Where fields of the user and of the request go. */
const USER_NAMES: ReadonlyMap<string, string> = new Map([
  ["username", "user.name"],
  ["ip_address", "client.address"],
]);
const REQUEST_NAMES: ReadonlyMap<string, string> = new Map([
  ["url", "url.full"],
  ["method", "http.request.method"],
  ["query_string", "url.query"],
  ["headers", "http.request.header"],
]);

/** What an event without a level is. Source: develop.sentry.dev, "Event Payloads", `level`. */
const DEFAULT_LEVEL = "error";

/**
 * The draft of an event: an error, a message, or a user's feedback.
 *
 * @param envelope the header around it
 */
export function draftOfEvent(event: JsonObject, envelope: JsonObject, project: string): Draft {
  const draft = newDraft();
  const { attributes } = draft;
  setOrigin(draft, event, envelope, project);
  draft.timestamp = timeOf(event.timestamp) ?? timeOf(envelope.sent_at);
  draft.logger = textOf(event.logger);
  setLevel(draft, textOf(event.level) || DEFAULT_LEVEL);
  const error = addException(draft.attributes, event);
  const message = addMessage(attributes, event);
  addContexts(draft, event.contexts);
  addAbout(attributes, event);
  for (const key of Object.keys(event)) if (!OWN_FIELDS.has(key)) addOther(attributes, key, event[key]);
  draft.body = message || feedbackOf(event) || error || textOf(event.transaction);
  return draft;
}

function setLevel(draft: Draft, level: string): void {
  if (!setSeverityWord(draft, level)) draft.severityText = level;
}

/**
 * Adds the error as OpenTelemetry names it, and the whole chain with variables, source and what else there is as JSON
 * beside it. Answers the error in a line.
 */
function addException(attributes: string[], event: JsonObject): string {
  const chain = chainOf(event.exception);
  const thrown = chain[0];
  if (thrown === undefined) {
    const stack = stackOfThreads(event);
    if (stack !== "") attributes.push("code.stacktrace", stack);
    addFlat(attributes, "sentry.stacktrace", event.stacktrace);
    return "";
  }
  const { type, message } = thrown;
  if (type !== "") attributes.push("exception.type", type);
  if (message !== "") attributes.push("exception.message", message);
  attributes.push("exception.stacktrace", stackText(chain, textOf(event.platform)));
  addFlat(attributes, "sentry.exception", valuesOf(event.exception));
  return type === "" || message === "" ? type || message : `${type}: ${message}`;
}

/** The text of an event's message. What it was made of, when that is known, is kept. */
function addMessage(attributes: string[], { message, logentry }: JsonObject): string {
  for (const entry of [logentry, message]) {
    if (typeof entry === "string" && entry !== "") return entry;
    if (!isJsonObject(entry)) continue;
    const { formatted, message: template, ...others } = entry;
    addFields(attributes, "sentry.logentry", others);
    if (textOf(formatted) === "") return textOf(template);
    addFlat(attributes, "sentry.logentry.message", template);
    return textOf(formatted);
  }
  return "";
}

/** The trace fills its columns; an invalid id stays an attribute. */
export function addContexts(draft: Draft, contexts: unknown): void {
  if (!isJsonObject(contexts)) {
    addFlat(draft.attributes, "contexts", contexts);
    return;
  }
  const { trace, ...others } = contexts;
  if (isJsonObject(trace)) {
    const { trace_id, span_id, ...rest } = trace;
    draft.traceId = traceIdOf(textOf(trace_id)) ?? "";
    draft.spanId = spanIdOf(textOf(span_id)) ?? "";
    if (draft.traceId === "") addFlat(draft.attributes, "contexts.trace.trace_id", trace_id);
    if (draft.spanId === "") addFlat(draft.attributes, "contexts.trace.span_id", span_id);
    addFields(draft.attributes, "contexts.trace", rest);
  }
  addFields(draft.attributes, "contexts", others);
}

/** Adds what events and transactions say alike: tags, extra data, the user and the request. */
export function addAbout(attributes: string[], { tags, extra, user, request }: JsonObject): void {
  for (const [name, value] of tagsOf(tags)) addFlat(attributes, `tags.${name}`, value);
  if (isJsonObject(extra)) addFields(attributes, "extra", extra);
  else addFlat(attributes, "extra", extra);
  addNamed(attributes, "user", user, USER_NAMES);
  addNamed(attributes, "request", request, REQUEST_NAMES);
}

/** Tags are an object, or a list of pairs: `[["a", "b"]]` or `[{"key": "a", "value": "b"}]`. */
function tagsOf(tags: unknown): readonly (readonly [name: string, value: unknown])[] {
  if (isJsonObject(tags)) return Object.entries(tags);
  if (!Array.isArray(tags)) return [];
  return tags.map((tag: unknown): [string, unknown] => {
    if (Array.isArray(tag)) return [textOf(tag[0]), tag[1]];
    return isJsonObject(tag) ? [textOf(tag.key), tag.value] : ["", tag];
  });
}

/** Adds a field that has no place of its own, as `sentry.NAME`: lists of modules, images and threads stay whole. */
export function addOther(attributes: string[], name: string, value: unknown): void {
  const list = isJsonObject(value) && Object.keys(value).length === 1 ? value.values : undefined;
  if (value !== null && value !== undefined) attributes.push(`sentry.${name}`, textOf(list ?? value));
}

function feedbackOf({ contexts }: JsonObject): string {
  const feedback = isJsonObject(contexts) ? contexts.feedback : undefined;
  return isJsonObject(feedback) ? textOf(feedback.message) : "";
}
