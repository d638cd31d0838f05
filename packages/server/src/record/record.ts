/**
 * The record that flows through the server: OpenTelemetry's log data model and span model, flattened to what
 * a column store holds. Receivers make records, the batcher carries them, the store encodes them.
 *
 * Attribute values are text: the store keeps `Map(String, String)`. Nested values are flattened to dotted
 * names, lists and what is left are JSON text.
 */

/**
 * Attributes as flat pairs `[key0, value0, key1, value1, …]`.
 *
 * Pairs rather than an object: a client may name an attribute `__proto__`, and building a thousand small
 * objects with different keys costs more than the rest of the decoding.
 */
export type Attributes = readonly string[];

/** Where a record comes from. One object is shared by all records of a batch that have the same resource. */
export interface Resource {
  readonly attributes: Attributes;
  readonly schemaUrl: string;
  /** `service.name`, or the empty text. */
  readonly serviceName: string;
  /** `host.name`, or the name the protocol gives for it, or the empty text. */
  readonly host: string;
  /** Runtime of origin: `node`, `python`, `rust`, `go`, `java`, … or the empty text. */
  readonly runtime: string;
}

/** The logger or tracer that made a record. Shared like {@link Resource}. */
export interface Scope {
  readonly name: string;
  readonly version: string;
  readonly schemaUrl: string;
  readonly attributes: Attributes;
}

/** One log record. Times are nanoseconds since 1970, UTC. */
export interface LogRecord {
  readonly timestamp: bigint;
  readonly observedTimestamp: bigint;
  /** OpenTelemetry's severity number, 1 to 24; 0 when unknown. */
  readonly severityNumber: number;
  /** The sender's own word for the severity, or the canonical one. */
  readonly severityText: string;
  readonly body: string;
  readonly eventName: string;
  /** 32 lower-case hex digits, or the empty text. */
  readonly traceId: string;
  /** 16 lower-case hex digits, or the empty text. */
  readonly spanId: string;
  readonly traceFlags: number;
  readonly resource: Resource;
  readonly scope: Scope;
  readonly attributes: Attributes;
}

export interface SpanEvent {
  readonly timestamp: bigint;
  readonly name: string;
  readonly attributes: Attributes;
}

export interface SpanLink {
  readonly traceId: string;
  readonly spanId: string;
  readonly traceState: string;
  readonly attributes: Attributes;
}

/** `SpanKind` as the OpenTelemetry Collector's ClickHouse exporter writes it. */
export const SPAN_KINDS = ["Unspecified", "Internal", "Server", "Client", "Producer", "Consumer"] as const;
type SpanKind = (typeof SPAN_KINDS)[number];

/** `StatusCode` as the OpenTelemetry Collector's ClickHouse exporter writes it. */
export const STATUS_CODES = ["Unset", "Ok", "Error"] as const;
type StatusCode = (typeof STATUS_CODES)[number];

/** One finished span. Times are nanoseconds since 1970, UTC. */
export interface SpanRecord {
  readonly timestamp: bigint;
  readonly endTimestamp: bigint;
  readonly traceId: string;
  readonly spanId: string;
  /** Empty at the root of a trace. */
  readonly parentSpanId: string;
  readonly traceState: string;
  readonly name: string;
  readonly kind: SpanKind;
  readonly statusCode: StatusCode;
  readonly statusMessage: string;
  readonly resource: Resource;
  readonly scope: Scope;
  readonly attributes: Attributes;
  readonly events: readonly SpanEvent[];
  readonly links: readonly SpanLink[];
}
