import type { Attributes, LogRecord, Resource, Scope } from "../../record/record.ts";
import type { JsonObject } from "./json.ts";

/**
 * A record as one line of JSON that keeps every field exactly, for Polylog's own programs to send to
 * `/v1/jsonl`. Nobody else need write it: any JSON line is understood.
 */
const VERSION = 1;

/** @example encodeRecord(record); // '{"polylog":1,"timestamp":"1763721667123456789",…}' */
export function encodeRecord(record: LogRecord): string {
  const { resource, scope } = record;
  return JSON.stringify({
    polylog: VERSION,
    timestamp: String(record.timestamp),
    observed: String(record.observedTimestamp),
    severity: [record.severityNumber, record.severityText],
    body: record.body,
    event: record.eventName,
    trace: [record.traceId, record.spanId, record.traceFlags],
    resource: [
      resource.serviceName,
      resource.host,
      resource.runtime,
      resource.schemaUrl,
      ...resource.attributes,
    ],
    scope: [scope.name, scope.version, scope.schemaUrl, ...scope.attributes],
    attributes: record.attributes,
  });
}

/** True when an object is a record as {@link encodeRecord} writes it. */
export function isCanonical(object: JsonObject): boolean {
  return object.polylog === VERSION && Array.isArray(object.severity) && Array.isArray(object.resource);
}

/** Reads what {@link encodeRecord} wrote; records that follow each other share their resource and scope. */
export class CanonicalReader {
  #resource: Resource | undefined;
  #resourceParts: readonly string[] = [];
  #scope: Scope | undefined;
  #scopeParts: readonly string[] = [];

  /** `undefined` when anything in it isn't as it has to be. */
  read(object: JsonObject): LogRecord | undefined {
    const { timestamp, observed, severity, body, event, trace, resource, scope, attributes } = object;
    const times = [timestamp, observed].map(nanoseconds);
    const [severityNumber, severityText] = severity as unknown[];
    const [traceId, spanId, traceFlags] = Array.isArray(trace) ? (trace as unknown[]) : [];
    if (times[0] === undefined || times[1] === undefined) return undefined;
    if (!isByte(severityNumber) || severityNumber > 24 || !isByte(traceFlags)) return undefined;
    if (!isId(traceId, 32) || !isId(spanId, 16)) return undefined;
    if (typeof severityText !== "string" || typeof body !== "string" || typeof event !== "string") {
      return undefined;
    }
    if (!isTexts(resource, 4) || !isTexts(scope, 3) || !isTexts(attributes, 0)) return undefined;
    return {
      timestamp: times[0],
      observedTimestamp: times[1],
      severityNumber,
      severityText,
      body,
      eventName: event,
      traceId,
      spanId,
      traceFlags,
      resource: this.#resourceOf(resource),
      scope: this.#scopeOf(scope),
      attributes,
    };
  }

  #resourceOf(parts: readonly string[]): Resource {
    if (this.#resource === undefined || !isEqual(parts, this.#resourceParts)) {
      const [serviceName = "", host = "", runtime = "", schemaUrl = "", ...attributes] = parts;
      this.#resource = { attributes, schemaUrl, serviceName, host, runtime };
      this.#resourceParts = parts;
    }
    return this.#resource;
  }

  #scopeOf(parts: readonly string[]): Scope {
    if (this.#scope === undefined || !isEqual(parts, this.#scopeParts)) {
      const [name = "", version = "", schemaUrl = "", ...attributes] = parts;
      this.#scope = { name, version, schemaUrl, attributes };
      this.#scopeParts = parts;
    }
    return this.#scope;
  }
}

/** Decimal text within 64 bits. */
function nanoseconds(value: unknown): bigint | undefined {
  if (typeof value !== "string" || !/^-?\d{1,19}$/.test(value)) return undefined;
  const time = BigInt(value);
  return time === BigInt.asIntN(64, time) ? time : undefined;
}

function isByte(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 255;
}

function isId(value: unknown, digits: number): value is string {
  return typeof value === "string" && (value === "" || (value.length === digits && /^[\da-f]+$/.test(value)));
}

/** `fixed` texts, then pairs. */
function isTexts(value: unknown, fixed: number): value is Attributes {
  return (
    Array.isArray(value) &&
    value.length >= fixed &&
    (value.length - fixed) % 2 === 0 &&
    value.every((part) => typeof part === "string")
  );
}

function isEqual(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((part, index) => part === b[index]);
}
