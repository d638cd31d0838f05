import { type Draft, newDraft } from "../../formats/format.ts";
import { spanIdOf, traceIdOf } from "../../formats/ids.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { setSeverity, setSeverityWord } from "../../formats/severity-text.ts";
import { addFlat, textOf } from "../flatten.ts";
import { timeOf } from "../times.ts";
import { setOrigin } from "./origin.ts";
import { addTyped, valueIn } from "./typed-attributes.ts";

/** The fields of a log that are read by their names; all others are kept as `sentry.NAME`. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...["timestamp", "level", "severity_number", "body", "trace_id", "span_id", "attributes"],
]);

/** Attributes that say where a log comes from, which is the same for all of a process. */
const ORIGIN_ATTRIBUTES: ReadonlySet<string> = new Set([
  ...["sentry.release", "sentry.environment", "sentry.sdk.name", "sentry.sdk.version", "server.address"],
]);
const PARENT_SPAN = "sentry.trace.parent_span_id";

/**
 * Hot path. The draft of a log of `Sentry.logger`.
 *
 * @param envelope the header around it
 */
export function draftOfLog(log: JsonObject, envelope: JsonObject, project: string): Draft {
  const draft = newDraft();
  const { attributes } = draft;
  const sent: JsonObject = isJsonObject(log.attributes) ? log.attributes : {};
  const origin = {
    release: valueIn(sent, "sentry.release"),
    environment: valueIn(sent, "sentry.environment"),
    server_name: valueIn(sent, "server.address"),
    sdk: { name: valueIn(sent, "sentry.sdk.name"), version: valueIn(sent, "sentry.sdk.version") },
  };
  setOrigin(draft, origin, envelope, project);
  draft.timestamp = timeOf(log.timestamp);
  draft.body = textOf(log.body);
  setLevel(draft, textOf(log.level), Number(log.severity_number));
  draft.traceId = traceIdOf(textOf(log.trace_id)) ?? "";
  draft.spanId = spanIdOf(textOf(log.span_id) || textOf(valueIn(sent, PARENT_SPAN))) ?? "";
  if (draft.traceId === "") addFlat(attributes, "sentry.trace_id", log.trace_id);
  if (draft.spanId === "") addFlat(attributes, "sentry.span_id", log.span_id);

  const isSaid = (name: string): boolean =>
    ORIGIN_ATTRIBUTES.has(name) || (name === PARENT_SPAN && draft.spanId !== "");
  addTyped(attributes, sent, isSaid);
  for (const key of Object.keys(log))
    if (!OWN_FIELDS.has(key)) addFlat(attributes, `sentry.${key}`, log[key]);
  return draft;
}

/** The word is the sender's; its number, where there is one, is exact. */
function setLevel(draft: Draft, level: string, severityNumber: number): void {
  if (!setSeverityWord(draft, level)) draft.severityText = level;
  if (!(Number.isInteger(severityNumber) && severityNumber >= 1 && severityNumber <= 24)) return;
  if (level === "") setSeverity(draft, severityNumber);
  else draft.severityNumber = severityNumber;
}
