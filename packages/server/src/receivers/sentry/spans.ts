import { newDraft } from "../../formats/format.ts";
import { spanIdOf, traceIdOf } from "../../formats/ids.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import type { RecordBuilder } from "../../formats/record-builder.ts";
import type { Resource, Scope, SpanLink, SpanRecord } from "../../record/record.ts";
import { addFields, addFlat, textOf } from "../flatten.ts";
import { timeOf } from "../times.ts";
import { addAbout, addOther } from "./event.ts";
import { type Origin, setOrigin } from "./origin.ts";
import { addTyped, plainOf } from "./typed-attributes.ts";

/** Where a span comes from. */
interface Source {
  readonly resource: Resource;
  readonly scope: Scope;
  /** Of the trace around it, for spans of old SDKs that don't say it themselves. */
  readonly traceId: string;
  /** For spans without a time, nanoseconds since 1970. */
  readonly now: bigint;
}

/** The fields of a span that are read by their names; all others are kept as `sentry.NAME`. */
const OWN_SPAN_FIELDS: ReadonlySet<string> = new Set([
  ...["trace_id", "span_id", "parent_span_id", "name", "description", "start_timestamp", "timestamp"],
  ...["end_timestamp", "status", "data", "attributes", "tags", "measurements", "links"],
]);
/** The same of a transaction; those of `event.ts` among them. */
const OWN_TRANSACTION_FIELDS: ReadonlySet<string> = new Set([
  ...["type", "transaction", "start_timestamp", "timestamp", "contexts", "spans", "measurements", "tags"],
  ...["extra", "user", "request", "release", "environment", "dist", "server_name", "platform", "sdk"],
]);

/** Kinds by name, and by the beginning of what Sentry calls the operation. */
const KINDS: ReadonlyMap<string, SpanRecord["kind"]> = new Map([
  ...([
    ["server", "Server"],
    ["client", "Client"],
    ["producer", "Producer"],
  ] as const),
  ...([
    ["consumer", "Consumer"],
    ["internal", "Internal"],
  ] as const),
]);
const KINDS_OF_OPERATIONS: readonly (readonly [string, SpanRecord["kind"]])[] = [
  ["http.server", "Server"],
  ["rpc.server", "Server"],
  ["websocket.server", "Server"],
  ["http", "Client"],
  ["rpc", "Client"],
  ["grpc", "Client"],
  ["db", "Client"],
  ["cache", "Client"],
  ["queue.publish", "Producer"],
  ["queue.process", "Consumer"],
];

/** States of a span that are no failure, beside `ok`. Source: docs.sentry.io, "Failure rate". */
const UNDECIDED: ReadonlySet<string> = new Set(["", "cancelled", "unknown"]);
const STATUS_MESSAGE = "sentry.status.message";
const MAX_LINKS = 128;

/**
 * The spans of a transaction: its own, and those within. `null` for each that has no valid ids.
 *
 * @param envelope the header around it
 */
export function* spansOfTransaction(
  event: JsonObject,
  envelope: JsonObject,
  project: string,
  builder: RecordBuilder,
  now: bigint,
): Generator<SpanRecord | null> {
  const contexts: JsonObject = isJsonObject(event.contexts) ? event.contexts : {};
  const { trace, ...others } = contexts;
  const root: JsonObject = isJsonObject(trace) ? trace : {};
  const source: Source = {
    ...sourceOf(event, envelope, project, builder),
    traceId: textOf(root.trace_id),
    now,
  };
  const { start_timestamp, timestamp, measurements } = event;
  const record = spanOf(
    { ...root, name: event.transaction, start_timestamp, timestamp, measurements },
    source,
  );
  if (record === null) yield null;
  else {
    const attributes = [...record.attributes];
    addAbout(attributes, event);
    addFields(attributes, "contexts", others);
    for (const key of Object.keys(event)) {
      if (!OWN_TRANSACTION_FIELDS.has(key)) addOther(attributes, key, event[key]);
    }
    yield { ...record, attributes };
  }
  if (!Array.isArray(event.spans)) return;
  for (const span of event.spans as unknown[]) yield isJsonObject(span) ? spanOf(span, source) : null;
}

/** A span that came by itself, in either of Sentry's forms; `null` when it has no valid ids. */
export function spanOfItem(
  span: JsonObject,
  envelope: JsonObject,
  project: string,
  builder: RecordBuilder,
  now: bigint,
): SpanRecord | null {
  const attributes = plainOf(span.attributes ?? span.data);
  const origin = {
    release: attributes["sentry.release"],
    environment: attributes["sentry.environment"],
    server_name: attributes["server.address"] ?? attributes["sentry.server_name"],
    platform: attributes["sentry.platform"],
    sdk: { name: attributes["sentry.sdk.name"], version: attributes["sentry.sdk.version"] },
  };
  return spanOf(span, { ...sourceOf(origin, envelope, project, builder), traceId: "", now });
}

function sourceOf(
  origin: Origin,
  envelope: JsonObject,
  project: string,
  builder: RecordBuilder,
): Pick<Source, "resource" | "scope"> {
  const draft = newDraft();
  setOrigin(draft, origin, envelope, project);
  // The builder shares the resources of whatever it builds.
  const { resource, scope } = builder.build(draft, 0n, 0n);
  return { resource, scope };
}

/** Hot path. */
function spanOf(span: JsonObject, { resource, scope, traceId: aroundIt, now }: Source): SpanRecord | null {
  const traceId = traceIdOf(textOf(span.trace_id) || aroundIt);
  const spanId = spanIdOf(textOf(span.span_id));
  if (traceId === undefined || spanId === undefined) return null;
  const attributes: string[] = [];
  const parent = textOf(span.parent_span_id);
  const parentSpanId = parent === "" ? "" : spanIdOf(parent);
  if (parentSpanId === undefined) attributes.push("polylog.invalid_parent_span_id", parent);
  const data = plainOf(span.data);
  const typed = plainOf(span.attributes);
  addFields(attributes, "", data);
  addTyped(attributes, span.attributes);
  addFlat(attributes, "tags", span.tags);
  addMeasurements(attributes, span.measurements);
  for (const key of Object.keys(span)) {
    // What the attributes say already is not said twice.
    const name = `sentry.${key}`;
    if (!OWN_SPAN_FIELDS.has(key) && data[name] !== span[key]) addFlat(attributes, name, span[key]);
  }
  const start = timeOf(span.start_timestamp) ?? timeOf(span.timestamp) ?? now;
  const end = timeOf(span.end_timestamp ?? span.timestamp) ?? start;
  const operation = textOf(span.op) || textOf(typed["sentry.op"] ?? data["sentry.op"]);
  const kind = textOf(typed["sentry.kind"] ?? data["sentry.kind"] ?? data["otel.kind"]).toLowerCase();
  return {
    timestamp: start,
    endTimestamp: end < start ? start : end,
    traceId,
    spanId,
    parentSpanId: parentSpanId ?? "",
    traceState: "",
    name: textOf(span.name) || textOf(span.description) || operation,
    kind: KINDS.get(kind) ?? kindOfOperation(operation),
    ...statusOf(textOf(span.status), textOf(typed[STATUS_MESSAGE])),
    resource,
    scope,
    attributes,
    events: [],
    links: linksOf(span.links),
  };
}

function kindOfOperation(operation: string): SpanRecord["kind"] {
  const found = KINDS_OF_OPERATIONS.find(
    ([prefix]) => operation === prefix || operation.startsWith(`${prefix}.`),
  );
  return found?.[1] ?? "Internal";
}

/** Older spans have why they failed for a status, newer ones `error` and an attribute. */
function statusOf(status: string, message: string): Pick<SpanRecord, "statusCode" | "statusMessage"> {
  if (status === "ok") return { statusCode: "Ok", statusMessage: "" };
  const isFailed = !UNDECIDED.has(status);
  return { statusCode: isFailed ? "Error" : "Unset", statusMessage: status === "error" ? message : status };
}

function addMeasurements(attributes: string[], measurements: unknown): void {
  if (!isJsonObject(measurements)) return;
  for (const [name, measurement] of Object.entries(measurements)) {
    const { value, ...others }: JsonObject = isJsonObject(measurement) ? measurement : { value: measurement };
    addFlat(attributes, `measurements.${name}`, value);
    addFields(attributes, `measurements.${name}`, others);
  }
}

function linksOf(links: unknown): readonly SpanLink[] {
  if (!Array.isArray(links)) return [];
  return links
    .slice(0, MAX_LINKS)
    .filter(isJsonObject)
    .map((link) => {
      const attributes: string[] = [];
      addTyped(attributes, link.attributes);
      const traceId = traceIdOf(textOf(link.trace_id)) ?? "";
      return { traceId, spanId: spanIdOf(textOf(link.span_id)) ?? "", traceState: "", attributes };
    });
}
