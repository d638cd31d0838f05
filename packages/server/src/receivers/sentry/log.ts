import { type Draft, newDraft } from "../../formats/format.ts";
import { spanIdOf, traceIdOf } from "../../formats/ids.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { setSeverity, setSeverityWord } from "../../formats/severity-text.ts";
import { addFlat, textOf } from "../flatten.ts";
import { numberOf } from "../number-of.ts";
import { timeOf } from "../times.ts";
import { setOrigin } from "./origin.ts";
import { addTyped, valueIn } from "./typed-attributes.ts";

/** The fields of a log that are read by their names; all others are kept as `sentry.NAME`. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...["timestamp", "level", "severity_number", "body", "trace_id", "span_id", "attributes"],
]);

/** Attributes that say where a log comes from, which is the same for all of a process. */
const ORIGIN_NAMES = [
  ...["sentry.release", "sentry.environment", "server.address", "sentry.sdk.name", "sentry.sdk.version"],
] as const;
const ORIGIN_ATTRIBUTES: ReadonlySet<string> = new Set(ORIGIN_NAMES);
const PARENT_SPAN = "sentry.trace.parent_span_id";
/** With that of the span around a log, where it names its span. */
const SAID_ATTRIBUTES: ReadonlySet<string> = new Set([...ORIGIN_ATTRIBUTES, PARENT_SPAN]);

/**
 * Hot path. The draft of a log of `Sentry.logger`.
 *
 * @param envelope the header around it
 */
export function draftOfLog(log: JsonObject, envelope: JsonObject, project: string): Draft {
  const draft = newDraft();
  const { attributes } = draft;
  const sent: JsonObject = isJsonObject(log.attributes) ? log.attributes : {};
  const told = ORIGIN_NAMES.map((name) => valueIn(sent, name));
  if (!isLast(envelope, project, told)) {
    const origin = newDraft();
    const [release, environment, server_name, name, version] = told;
    setOrigin(origin, { release, environment, server_name, sdk: { name, version } }, envelope, project);
    last = { envelope, project, told, origin };
  }
  const { origin } = last;
  draft.service = origin.service;
  draft.host = origin.host;
  draft.runtime = origin.runtime;
  for (const text of origin.resource) draft.resource.push(text);
  draft.timestamp = timeOf(log.timestamp);
  draft.body = textOf(log.body);
  setLevel(draft, textOf(log.level), numberOf(log.severity_number));
  draft.traceId = traceIdOf(textOf(log.trace_id)) ?? "";
  draft.spanId = spanIdOf(textOf(log.span_id) || textOf(valueIn(sent, PARENT_SPAN))) ?? "";
  if (draft.traceId === "") addFlat(attributes, "sentry.trace_id", log.trace_id);
  if (draft.spanId === "") addFlat(attributes, "sentry.span_id", log.span_id);

  addTyped(attributes, sent, draft.spanId === "" ? ORIGIN_ATTRIBUTES : SAID_ATTRIBUTES);
  for (const key of Object.keys(log))
    if (!OWN_FIELDS.has(key)) addFlat(attributes, `sentry.${key}`, log[key]);
  return draft;
}

/** Where the log before came from: those of one envelope mostly come from one process. */
let last: {
  readonly envelope: JsonObject;
  readonly project: string;
  readonly told: readonly unknown[];
  readonly origin: Draft;
} = { envelope: {}, project: "", told: [], origin: newDraft() };

function isLast(envelope: JsonObject, project: string, told: readonly unknown[]): boolean {
  return (
    envelope === last.envelope && project === last.project && told.every((value, i) => value === last.told[i])
  );
}

/** The word is the sender's; its number, where there is one, is exact. */
function setLevel(draft: Draft, level: string, severityNumber: number): void {
  if (!setSeverityWord(draft, level)) draft.severityText = level;
  if (!(Number.isInteger(severityNumber) && severityNumber >= 1 && severityNumber <= 24)) return;
  if (level === "") setSeverity(draft, severityNumber);
  else draft.severityNumber = severityNumber;
}
