import type { LogRecord, Resource, Scope } from "./record.ts";

/** Where the texts of records lie in the bytes that they came in: four numbers a record, and two an attribute. */
export type Spans = Int32Array;

/** Numbers of a record before those of its attributes: body from and to, trace id and span id from. */
export const SPAN_HEAD = 4;
/** Numbers of an attribute: value from and to. */
export const SPAN_ATTRIBUTE = 2;

/**
 * Hot path. A log record whose texts still lie in the bytes of its request: from there they can be copied to where they are
 * stored, without a string for each. Who asks for one as text gets it all the same. Bench: `intake`.
 *
 * The bytes are UTF-8, ids are hex digits as {@link LogRecord} has them, and no two attributes have the same name.
 */
export class ByteLogRecord implements LogRecord {
  readonly bytes: Uint8Array;
  readonly spans: Spans;
  /** Where the record's numbers begin in `spans`. */
  readonly at: number;
  /** Of its attributes, in the order of their spans. */
  readonly names: readonly string[];
  /** The time: milliseconds since 1970, and nanoseconds of the last one. */
  readonly milliseconds: number;
  readonly nanoseconds: number;
  readonly observedTimestamp: bigint;
  readonly severityNumber: number;
  readonly severityText: string;
  readonly resource: Resource;
  readonly scope: Scope;

  constructor(parts: Told) {
    this.bytes = parts.bytes;
    this.spans = parts.spans;
    this.at = parts.at;
    this.names = parts.names;
    this.milliseconds = parts.milliseconds;
    this.nanoseconds = parts.nanoseconds;
    this.observedTimestamp = parts.observedTimestamp;
    this.severityNumber = parts.severityNumber;
    this.severityText = parts.severityText;
    this.resource = parts.resource;
    this.scope = parts.scope;
  }

  get timestamp(): bigint {
    return BigInt(this.milliseconds) * 1_000_000n + BigInt(this.nanoseconds);
  }

  get body(): string {
    return this.#text(this.spans[this.at] as number, this.spans[this.at + 1] as number);
  }

  get eventName(): string {
    return "";
  }

  /** Where the trace id begins; negative when there is none. */
  get traceIdFrom(): number {
    return this.spans[this.at + 2] as number;
  }

  get traceId(): string {
    const from = this.traceIdFrom;
    return from < 0 ? "" : this.#text(from, from + 32);
  }

  /** Where the span id begins; negative when there is none. */
  get spanIdFrom(): number {
    return this.spans[this.at + 3] as number;
  }

  get spanId(): string {
    const from = this.spanIdFrom;
    return from < 0 ? "" : this.#text(from, from + 16);
  }

  get traceFlags(): number {
    return 0;
  }

  get attributes(): readonly string[] {
    const { spans, at, names } = this;
    const attributes: string[] = [];
    for (let i = 0, place = at + SPAN_HEAD; i < names.length; i++, place += SPAN_ATTRIBUTE) {
      const value = this.#text(spans[place] as number, spans[place + 1] as number);
      attributes.push(names[i] as string, value);
    }
    return attributes;
  }

  #text(from: number, to: number): string {
    const { buffer, byteOffset } = this.bytes;
    return Buffer.from(buffer, byteOffset + from, to - from).toString("utf8");
  }
}

/** What is told of a record; the rest lies in its bytes. */
type Told = Pick<
  ByteLogRecord,
  | "bytes"
  | "spans"
  | "at"
  | "names"
  | "milliseconds"
  | "nanoseconds"
  | "observedTimestamp"
  | "severityNumber"
  | "severityText"
  | "resource"
  | "scope"
>;
