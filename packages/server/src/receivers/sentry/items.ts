import { PolylogError } from "../../errors.ts";
import { newDraft } from "../../formats/format.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import type { RecordBuilder } from "../../formats/record-builder.ts";
import { setSeverity } from "../../formats/severity-text.ts";
import type { LogRecord, SpanRecord } from "../../record/record.ts";
import { LEVEL_NUMBER } from "../../record/severity.ts";
import { addFields, textOf } from "../flatten.ts";
import { type JsonLists, parseElement, takeLists } from "../json-lists.ts";
import { timeOf } from "../times.ts";
import type { EnvelopeItem } from "./envelope.ts";
import { addContexts, draftOfEvent } from "./event.ts";
import { draftOfLog } from "./log.ts";
import { setOrigin } from "./origin.ts";
import { spanOfItem, spansOfTransaction } from "./spans.ts";

/** Bytes of an event. Source: docs.sentry.io, "Size limits". */
const MAX_EVENT = 1 << 20;
/** Bytes of a list of logs or spans: their elements have the limit of an event each. */
const MAX_LIST = 16 << 20;

/** The bytes that items may have of the types that are kept. */
const KEPT: ReadonlyMap<string, number> = new Map([
  ["event", MAX_EVENT],
  ["transaction", MAX_EVENT],
  ["feedback", MAX_EVENT],
  ["user_report", MAX_EVENT],
  ["check_in", MAX_EVENT],
  ["log", MAX_LIST],
  ["otel_log", MAX_LIST],
  ["span", MAX_LIST],
  ["otel_span", MAX_LIST],
]);

/** What the items that aren't kept are counted as; no type is named by a sender. */
const COUNTED_AS: ReadonlyMap<string, string> = new Map([
  ["session", "session"],
  ["sessions", "session"],
  ["attachment", "attachment"],
  ["client_report", "client_report"],
  ["statsd", "metric"],
  ["metric", "metric"],
  ["metric_buckets", "metric"],
  ["trace_metric", "metric"],
  ["profile", "profile"],
  ["profile_chunk", "profile"],
  ["replay_event", "replay"],
  ["replay_recording", "replay"],
  ["replay_video", "replay"],
]);

const LISTS: ReadonlySet<string> = new Set(["items"]);

/** 0 for a type that isn't kept. */
export function maxBytesOf(type: string): number {
  return KEPT.get(type) ?? 0;
}

/** The reason under which an item that isn't kept is counted. */
export function reasonOfType(type: string): string {
  return COUNTED_AS.get(type) ?? "unknown_item";
}

/** What the items of an envelope have in common. */
export interface Surroundings {
  /** The envelope's header. */
  readonly header: JsonObject;
  /** The project in the DSN; Sentry's are numbers, any word will do. */
  readonly project: string;
  readonly builder: RecordBuilder;
  /** Nanoseconds since 1970. */
  readonly now: bigint;
}

type Decoded = LogRecord | SpanRecord | null | undefined;

/**
 * The records of an envelope's items, `null` for each that can't be read.
 *
 * Throws `POLYLOG_E_BAD_REQUEST`, or `POLYLOG_E_TOO_LARGE`, when there was something to keep and nothing could be.
 */
export function* recordsOfItems(items: readonly EnvelopeItem[], around: Surroundings): Generator<Decoded> {
  let kept = 0;
  let failure: PolylogError | undefined;
  for (const { type, payload } of items) {
    if (payload === "not kept") continue;
    if (payload === "too large") {
      failure ??= new PolylogError(
        "POLYLOG_E_TOO_LARGE",
        `The ${type} is larger than ${maxBytesOf(type)} bytes.`,
      );
      yield null;
      continue;
    }
    for (const record of recordsOfItem(type, payload, around)) {
      if (record === null)
        failure ??= new PolylogError("POLYLOG_E_BAD_REQUEST", `The ${type} can't be read.`);
      else if (record !== undefined) kept++;
      yield record;
    }
  }
  if (kept === 0 && failure !== undefined) throw failure;
}

function* recordsOfItem(type: string, payload: Buffer, around: Surroundings): Generator<Decoded> {
  switch (type) {
    case "log":
    case "otel_log":
      return yield* each(payload, (log) => recordOfLog(log, around));
    case "span":
    case "otel_span":
      return yield* each(payload, (span) =>
        spanOfItem(span, around.header, around.project, around.builder, around.now),
      );
  }
  const event = parseElement(payload);
  if (event === undefined) yield null;
  else if (type === "transaction") {
    yield* spansOfTransaction(event, around.header, around.project, around.builder, around.now);
  } else yield (READERS.get(type) ?? recordOfEvent)(event, around);
}

/** The elements of `{"items": […]}`; older SDKs send one by itself. */
function* each(
  payload: Buffer,
  read: (element: JsonObject) => LogRecord | SpanRecord | null,
): Generator<Decoded> {
  let parts: JsonLists;
  try {
    parts = yield* takeLists(payload, LISTS);
  } catch (error) {
    if (!(error instanceof PolylogError)) throw error;
    yield null;
    return;
  }
  const elements = parts.lists.get("items") ?? parts.lists.get("");
  if (elements === undefined) yield read(parts.rest);
  for (const element of elements ?? []) {
    const value = parseElement(element);
    yield value === undefined ? null : read(value);
  }
}

/** The record of an event; also of the only thing that the older `store` endpoint takes. */
export function recordOfEvent(event: JsonObject, { header, project, builder, now }: Surroundings): LogRecord {
  return builder.build(draftOfEvent(event, header, project), now, now);
}

function recordOfLog(log: JsonObject, { header, project, builder, now }: Surroundings): LogRecord | null {
  if (log.body === undefined && !isJsonObject(log.attributes)) return null;
  return builder.build(draftOfLog(log, header, project), now, now);
}

/** The record of what a job that runs at its times says of itself. Source: develop.sentry.dev, "Check-Ins". */
function recordOfCheckIn(checkIn: JsonObject, { header, project, builder, now }: Surroundings): LogRecord {
  const { release, environment, contexts, ...others } = checkIn;
  const status = textOf(others.status);
  const draft = newDraft();
  setOrigin(draft, { release, environment }, header, project);
  draft.timestamp = timeOf(header.sent_at);
  setSeverity(draft, status === "error" ? LEVEL_NUMBER.error : LEVEL_NUMBER.info);
  draft.body = `${textOf(others.monitor_slug)}: ${status}`;
  draft.eventName = "check_in";
  addContexts(draft, contexts);
  addFields(draft.attributes, "sentry.check_in", others);
  return builder.build(draft, now, now);
}

/** What a user wrote about an error. Source: develop.sentry.dev, "User reports". */
function recordOfReport(report: JsonObject, { header, project, builder, now }: Surroundings): LogRecord {
  const { comments, ...others } = report;
  const draft = newDraft();
  setOrigin(draft, {}, header, project);
  setSeverity(draft, LEVEL_NUMBER.info);
  draft.body = textOf(comments);
  draft.eventName = "user_report";
  addFields(draft.attributes, "sentry.user_report", others);
  return builder.build(draft, now, now);
}

/** Of the items that are neither lists nor errors. */
const READERS: ReadonlyMap<string, (item: JsonObject, around: Surroundings) => LogRecord> = new Map([
  ["user_report", recordOfReport],
  ["check_in", recordOfCheckIn],
]);
