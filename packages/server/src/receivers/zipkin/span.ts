import { paddedTraceIdOf, spanIdOf } from "../../formats/ids.ts";
import type { JsonObject } from "../../formats/json/json.ts";
import { isJsonObject } from "../../formats/json/json.ts";
import type { Resource, Scope, SpanEvent, SpanRecord } from "../../record/record.ts";
import { resourceOf, scopeOf } from "../../record/resource.ts";
import { addFields, addFlat, textOf } from "../flatten.ts";

/** Zipkin's kinds. Absent, it is a step within a service. */
const KINDS: ReadonlyMap<string, SpanRecord["kind"]> = new Map([
  ["", "Internal"],
  ["CLIENT", "Client"],
  ["SERVER", "Server"],
  ["PRODUCER", "Producer"],
  ["CONSUMER", "Consumer"],
]);

/** The fields of a span that this decoder reads by their names. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...["traceId", "parentId", "id", "kind", "name", "timestamp", "duration", "debug", "shared"],
  ...["localEndpoint", "remoteEndpoint", "annotations", "tags"],
]);

/** The tag in which OpenTelemetry puts the scope. */
const SCOPE_NAME = "otel.scope.name";
const OWN_ENDPOINT_FIELDS: ReadonlySet<string> = new Set(["serviceName", "ipv4", "ipv6", "port"]);

/** Annotations of one span that are kept. */
const MAX_EVENTS = 1024;
/** Distinct services and scopes that are shared; a hostile request can make any number. */
const MAX_SHARED = 512;
const MICROSECOND = 1000n;
/** The largest whole number of microseconds whose nanoseconds fit 64 bits. */
const MAX_MICROSECONDS = ((1n << 63n) - 1n) / MICROSECOND;

/** Makes the record of a span as Zipkin's JSON has it; `null` for one without valid ids: nobody could find it. */
export type SpanReader = (span: JsonObject) => SpanRecord | null;

/**
 * Makes a reader whose records share their resources and scopes.
 *
 * Source: Zipkin API 2.0, "Span"; OpenTelemetry, "OpenTelemetry to Zipkin Transformation", read backwards.
 *
 * @param now nanoseconds since 1970, for spans without a time
 */
export function spanReader(now: bigint): SpanReader {
  const resources = shared(resourceOfService);
  const scopes = shared(scopeOf);

  return (span) => {
    const traceId = paddedTraceIdOf(textOf(span.traceId));
    const spanId = spanIdOf(textOf(span.id).padStart(16, "0"));
    if (traceId === undefined || spanId === undefined) return null;
    const attributes: string[] = [];
    const parent = textOf(span.parentId);
    const parentSpanId = parent === "" ? "" : spanIdOf(parent.padStart(16, "0"));
    if (parentSpanId === undefined) attributes.push("polylog.invalid_parent_span_id", parent);
    const kind = textOf(span.kind);
    if (!KINDS.has(kind)) attributes.push("zipkin.kind", kind);

    const tags: JsonObject = isJsonObject(span.tags) ? span.tags : {};
    for (const key of Object.keys(tags)) if (key !== SCOPE_NAME) addFlat(attributes, key, tags[key]);
    const service = addEndpoints(attributes, span);
    if (span.debug === true) attributes.push("zipkin.debug", "true");
    if (span.shared === true) attributes.push("zipkin.shared", "true");
    for (const key of Object.keys(span))
      if (!OWN_FIELDS.has(key)) addFlat(attributes, `zipkin.${key}`, span[key]);

    const start = nanoseconds(span.timestamp);
    if (start === undefined) addFlat(attributes, "zipkin.timestamp", span.timestamp);
    const timestamp = start ?? now;
    const duration = nanoseconds(span.duration);
    if (duration === undefined) addFlat(attributes, "zipkin.duration", span.duration);
    return {
      timestamp,
      endTimestamp: timestamp + (duration ?? 0n),
      traceId,
      spanId,
      parentSpanId: parentSpanId ?? "",
      traceState: "",
      name: textOf(span.name),
      kind: KINDS.get(kind) ?? "Unspecified",
      ...statusOf(tags),
      resource: resources(service),
      scope: scopes(textOf(tags[SCOPE_NAME])),
      attributes,
      events: eventsOf(span.annotations, timestamp, attributes),
      links: [],
    };
  };
}

/** Adds who talked to whom, and answers the service that did. */
function addEndpoints(attributes: string[], { localEndpoint, remoteEndpoint }: JsonObject): string {
  const local: JsonObject = isJsonObject(localEndpoint) ? localEndpoint : {};
  const remote: JsonObject = isJsonObject(remoteEndpoint) ? remoteEndpoint : {};
  addAddress(attributes, "network.local", local);
  addFlat(attributes, "peer.service", remote.serviceName);
  addAddress(attributes, "network.peer", remote);
  return textOf(local.serviceName);
}

function addAddress(attributes: string[], prefix: string, endpoint: JsonObject): void {
  const { ipv4, ipv6, port } = endpoint;
  addFlat(attributes, `${prefix}.address`, ipv4 ?? ipv6);
  if (ipv4 !== undefined) addFlat(attributes, `${prefix}.ipv6`, ipv6);
  addFlat(attributes, `${prefix}.port`, port);
  for (const key of Object.keys(endpoint))
    if (!OWN_ENDPOINT_FIELDS.has(key)) addFlat(attributes, `${prefix}.${key}`, endpoint[key]);
}

/** The tag `error` says that it failed, even when it is empty; OpenTelemetry's own tags say it in full. */
function statusOf(tags: JsonObject): Pick<SpanRecord, "statusCode" | "statusMessage"> {
  const code = textOf(tags["otel.status_code"]);
  const description = textOf(tags["otel.status_description"]);
  if (code === "OK") return { statusCode: "Ok", statusMessage: description };
  if (code !== "ERROR" && tags.error === undefined) return { statusCode: "Unset", statusMessage: "" };
  const error = textOf(tags.error);
  return { statusCode: "Error", statusMessage: description || (error === "true" ? "" : error) };
}

function eventsOf(annotations: unknown, start: bigint, attributes: string[]): readonly SpanEvent[] {
  if (!Array.isArray(annotations)) return [];
  if (annotations.length > MAX_EVENTS) {
    attributes.push("polylog.dropped_events", String(annotations.length - MAX_EVENTS));
  }
  return annotations.slice(0, MAX_EVENTS).map((annotation: unknown) => {
    const { timestamp, value, ...others }: JsonObject = isJsonObject(annotation)
      ? annotation
      : { value: annotation };
    const pairs: string[] = [];
    addFields(pairs, "", others);
    return { timestamp: nanoseconds(timestamp) ?? start, name: textOf(value), attributes: pairs };
  });
}

/** Nanoseconds of a whole number of microseconds; `undefined` when it is none, or not later than 1970. */
function nanoseconds(microseconds: unknown): bigint | undefined {
  if (typeof microseconds === "number" && Number.isSafeInteger(microseconds)) {
    return microseconds > 0 ? BigInt(microseconds) * MICROSECOND : undefined;
  }
  const text = typeof microseconds === "number" ? String(Math.round(microseconds)) : microseconds;
  if (typeof text !== "string" || !/^\d{1,18}$/.test(text)) return undefined;
  const value = BigInt(text);
  return value > 0n && value <= MAX_MICROSECONDS ? value * MICROSECOND : undefined;
}

function resourceOfService(service: string): Resource {
  return resourceOf(service === "" ? [] : ["service.name", service]);
}

function shared<T extends Resource | Scope>(make: (name: string) => T): (name: string) => T {
  const made = new Map<string, T>();
  return (name) => {
    let one = made.get(name);
    if (one === undefined) {
      one = make(name);
      if (made.size >= MAX_SHARED) made.clear();
      made.set(name, one);
    }
    return one;
  };
}
