/** OTLP requests as OTLP/JSON has them, and the same encoded as protobuf. For tests: nothing here is fast or lenient. */

export interface AnyValue {
  readonly stringValue?: string;
  readonly boolValue?: boolean;
  /** Digits. */
  readonly intValue?: string;
  readonly doubleValue?: number;
  readonly arrayValue?: { readonly values: readonly AnyValue[] };
  readonly kvlistValue?: { readonly values: readonly KeyValue[] };
  /** Base64. */
  readonly bytesValue?: string;
}

export interface KeyValue {
  readonly key: string;
  readonly value: AnyValue;
}

export interface Log {
  readonly timeUnixNano?: string;
  readonly observedTimeUnixNano?: string;
  readonly severityNumber?: number;
  readonly severityText?: string;
  readonly body?: AnyValue;
  readonly attributes?: readonly KeyValue[];
  readonly droppedAttributesCount?: number;
  readonly flags?: number;
  /** Hex digits. */
  readonly traceId?: string;
  readonly spanId?: string;
  readonly eventName?: string;
}

export interface Span {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly traceState?: string;
  readonly parentSpanId?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly startTimeUnixNano?: string;
  readonly endTimeUnixNano?: string;
  readonly attributes?: readonly KeyValue[];
  readonly droppedAttributesCount?: number;
  readonly events?: readonly SpanEvent[];
  readonly droppedEventsCount?: number;
  readonly links?: readonly SpanLink[];
  readonly droppedLinksCount?: number;
  readonly status?: { readonly code?: number; readonly message?: string };
}

interface SpanEvent {
  readonly timeUnixNano?: string;
  readonly name?: string;
  readonly attributes?: readonly KeyValue[];
  readonly droppedAttributesCount?: number;
}

interface SpanLink {
  readonly traceId?: string;
  readonly spanId?: string;
  readonly traceState?: string;
  readonly attributes?: readonly KeyValue[];
  readonly droppedAttributesCount?: number;
}

interface ResourceGroup {
  readonly resource?: { readonly attributes?: readonly KeyValue[]; readonly droppedAttributesCount?: number };
  readonly schemaUrl?: string;
}

interface ScopeGroup {
  readonly scope?: {
    readonly name?: string;
    readonly version?: string;
    readonly attributes?: readonly KeyValue[];
    readonly droppedAttributesCount?: number;
  };
  readonly schemaUrl?: string;
}

export interface LogsRequest {
  readonly resourceLogs: readonly (ResourceGroup & {
    readonly scopeLogs: readonly (ScopeGroup & { readonly logRecords: readonly Log[] })[];
  })[];
}

export interface TracesRequest {
  readonly resourceSpans: readonly (ResourceGroup & {
    readonly scopeSpans: readonly (ScopeGroup & { readonly spans: readonly Span[] })[];
  })[];
}

/** A request of one resource and one scope. */
export function logsRequest(...logRecords: readonly Log[]): LogsRequest {
  return { resourceLogs: [{ scopeLogs: [{ logRecords }] }] };
}

export function tracesRequest(...spans: readonly Span[]): TracesRequest {
  return { resourceSpans: [{ scopeSpans: [{ spans }] }] };
}

export function encodeLogs(request: LogsRequest): Buffer {
  return each(1, request.resourceLogs, (group) =>
    Buffer.concat([
      resourceGroup(group),
      each(2, group.scopeLogs, (scopeGroup) =>
        Buffer.concat([scopeOf(scopeGroup), each(2, scopeGroup.logRecords, encodeLog)]),
      ),
    ]),
  );
}

export function encodeTraces(request: TracesRequest): Buffer {
  return each(1, request.resourceSpans, (group) =>
    Buffer.concat([
      resourceGroup(group),
      each(2, group.scopeSpans, (scopeGroup) =>
        Buffer.concat([scopeOf(scopeGroup), each(2, scopeGroup.spans, encodeSpan)]),
      ),
    ]),
  );
}

function resourceGroup({ resource = {}, schemaUrl }: ResourceGroup): Buffer {
  const origin = Buffer.concat([
    keyValues(1, resource.attributes),
    varint(2, resource.droppedAttributesCount),
  ]);
  return Buffer.concat([message(1, origin), text(3, schemaUrl)]);
}

function scopeOf({ scope = {}, schemaUrl }: ScopeGroup): Buffer {
  const origin = Buffer.concat([
    text(1, scope.name),
    text(2, scope.version),
    keyValues(3, scope.attributes),
    varint(4, scope.droppedAttributesCount),
  ]);
  return Buffer.concat([message(1, origin), text(3, schemaUrl)]);
}

function encodeLog(log: Log): Buffer {
  return Buffer.concat([
    fixed64(1, log.timeUnixNano),
    varint(2, log.severityNumber),
    text(3, log.severityText),
    log.body === undefined ? NOTHING : message(5, encodeValue(log.body)),
    keyValues(6, log.attributes),
    varint(7, log.droppedAttributesCount),
    log.flags === undefined ? NOTHING : Buffer.from([0x45, log.flags, 0, 0, 0]),
    hex(9, log.traceId),
    hex(10, log.spanId),
    fixed64(11, log.observedTimeUnixNano),
    text(12, log.eventName),
  ]);
}

function encodeSpan(span: Span): Buffer {
  return Buffer.concat([
    hex(1, span.traceId),
    hex(2, span.spanId),
    text(3, span.traceState),
    hex(4, span.parentSpanId),
    text(5, span.name),
    varint(6, span.kind),
    fixed64(7, span.startTimeUnixNano),
    fixed64(8, span.endTimeUnixNano),
    keyValues(9, span.attributes),
    varint(10, span.droppedAttributesCount),
    each(11, span.events ?? [], (event) =>
      Buffer.concat([
        fixed64(1, event.timeUnixNano),
        text(2, event.name),
        keyValues(3, event.attributes),
        varint(4, event.droppedAttributesCount),
      ]),
    ),
    varint(12, span.droppedEventsCount),
    each(13, span.links ?? [], (link) =>
      Buffer.concat([
        hex(1, link.traceId),
        hex(2, link.spanId),
        text(3, link.traceState),
        keyValues(4, link.attributes),
        varint(5, link.droppedAttributesCount),
      ]),
    ),
    varint(14, span.droppedLinksCount),
    span.status === undefined
      ? NOTHING
      : message(15, Buffer.concat([text(2, span.status.message), varint(3, span.status.code)])),
  ]);
}

function keyValues(field: number, list: readonly KeyValue[] = []): Buffer {
  return each(field, list, ({ key, value }) => Buffer.concat([text(1, key), message(2, encodeValue(value))]));
}

function encodeValue(value: AnyValue): Buffer {
  if (value.stringValue !== undefined) return message(1, Buffer.from(value.stringValue));
  if (value.boolValue !== undefined) return Buffer.from([0x10, Number(value.boolValue)]);
  if (value.intValue !== undefined) return Buffer.concat([number(0x18), bigVarint(BigInt(value.intValue))]);
  if (value.doubleValue !== undefined) {
    const bytes = Buffer.alloc(9, 0x21);
    bytes.writeDoubleLE(value.doubleValue, 1);
    return bytes;
  }
  if (value.arrayValue !== undefined) return message(5, each(1, value.arrayValue.values, encodeValue));
  if (value.kvlistValue !== undefined) return message(6, keyValues(1, value.kvlistValue.values));
  if (value.bytesValue !== undefined) return message(7, Buffer.from(value.bytesValue, "base64"));
  return NOTHING;
}

const NOTHING = Buffer.alloc(0);

/** A field that holds bytes. */
export function message(field: number, bytes: Buffer): Buffer {
  return Buffer.concat([number((field << 3) | 2), number(bytes.length), bytes]);
}

function each<T>(field: number, items: readonly T[], encode: (item: T) => Buffer): Buffer {
  return Buffer.concat(items.map((item) => message(field, encode(item))));
}

function text(field: number, value = ""): Buffer {
  return value === "" ? NOTHING : message(field, Buffer.from(value));
}

function hex(field: number, value = ""): Buffer {
  return value === "" ? NOTHING : message(field, Buffer.from(value, "hex"));
}

function varint(field: number, value = 0): Buffer {
  return value === 0 ? NOTHING : Buffer.concat([number(field << 3), number(value)]);
}

function fixed64(field: number, digits = "0"): Buffer {
  const bytes = Buffer.alloc(9, (field << 3) | 1);
  bytes.writeBigUInt64LE(BigInt(digits), 1);
  return digits === "0" ? NOTHING : bytes;
}

function number(value: number): Buffer {
  return bigVarint(BigInt(value));
}

/** A signed 64-bit number as protobuf's `int64`. */
function bigVarint(value: bigint): Buffer {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, value);
  for (; rest > 127n; rest >>= 7n) bytes.push(Number(rest & 127n) | 128);
  return Buffer.from([...bytes, Number(rest)]);
}
