import type { EncodedRecords } from "../record/encoded-records.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";
import { resourceOf } from "../record/resource.ts";
import type { Rows } from "../store/encode/encoder.ts";
import { createLogEncoder } from "../store/encode/logs.ts";
import { createSpanEncoder } from "../store/encode/spans.ts";

/** Reads blocks of ClickHouse's Native format, for tests without an engine: what was encoded, as records again. */

type Value = bigint | number | string | readonly Value[];
type Row = Readonly<Record<string, Value>>;

class BlockReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
  }

  rows(): Row[] {
    const columns = this.#varint();
    const rows = this.#varint();
    const read = Array.from({ length: columns }, () => {
      const name = this.#string();
      const type = this.#string();
      if (/LowCardinality/.test(type)) this.#at += 8;
      return [name, this.#values(type, rows)] as const;
    });
    if (this.#at !== this.#bytes.length) throw new Error("There is something behind the block.");
    return Array.from({ length: rows }, (_, row) =>
      Object.fromEntries(read.map(([name, values]) => [name, values[row] as Value])),
    );
  }

  #values(type: string, rows: number): readonly Value[] {
    const inner = /^(?:Array|Map)\((.*)\)$/.exec(type)?.[1];
    if (inner !== undefined) return this.#lists(type.startsWith("Map") ? `Tuple(${inner})` : inner, rows);
    if (type.startsWith("Tuple")) return this.#tuples(type, rows);
    if (type === "LowCardinality(String)") return this.#lowCardinality(rows);
    return this.#each(rows, () => this.#value(type));
  }

  #value(type: string): Value {
    if (type === "String") return this.#string();
    const size = type === "UInt8" ? 1 : type === "DateTime('UTC')" ? 4 : 8;
    const at = this.#at;
    this.#at += size;
    return size === 8 ? this.#bytes.readBigInt64LE(at) : this.#bytes.readUIntLE(at, size);
  }

  #lists(inner: string, rows: number): Value[][] {
    const ends = this.#each(rows, () => Number(this.#value("UInt64")));
    const values = this.#values(inner, ends.at(-1) ?? 0);
    return ends.map((end, row) => values.slice(ends[row - 1] ?? 0, end));
  }

  #tuples(type: string, rows: number): Value[][] {
    const types = type.slice("Tuple(".length, -1).split(", ");
    const columns = types.map((one) => this.#values(one.replace(/^[A-Z]\w+ (?=\w)/, ""), rows));
    return this.#each(rows, (row) => columns.map((values) => values[row] as Value));
  }

  #lowCardinality(rows: number): string[] {
    if (rows === 0) return [];
    const width = [1, 2, 4][Number(this.#value("UInt64")) & 0xff] as number;
    const keys = this.#each(Number(this.#value("UInt64")), () => this.#string());
    this.#at += 8;
    return this.#each(rows, () => {
      this.#at += width;
      return keys[this.#bytes.readUIntLE(this.#at - width, width)] as string;
    });
  }

  #each<T>(count: number, read: (index: number) => T): T[] {
    return Array.from({ length: count }, (_, index) => read(index));
  }

  #varint(): number {
    let value = 0;
    for (let scale = 1; ; scale *= 128) {
      const byte = this.#bytes[this.#at++] as number;
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
  }

  #string(): string {
    const size = this.#varint();
    this.#at += size;
    return this.#bytes.toString("utf8", this.#at - size, this.#at);
  }
}

/** The rows of encoded records, but for ids. */
export function rowsOf({ encoded }: EncodedRecords): Row[] {
  const encoder: Rows =
    encoded.table === "otel_logs" ? createLogEncoder().adopt(encoded) : createSpanEncoder().adopt(encoded);
  return new BlockReader(Buffer.concat(encoder.block(0n))).rows().map(({ Id: _, ...row }) => row);
}

const pairsOf = (map: Value | undefined): string[] => (map as string[][]).flat();

/** Log records as they were encoded. */
export function logsOf(encoded: EncodedRecords): LogRecord[] {
  return rowsOf(encoded).map((row) => ({
    timestamp: row.Timestamp as bigint,
    observedTimestamp: row.ObservedTimestamp as bigint,
    severityNumber: row.SeverityNumber as number,
    severityText: row.SeverityText as string,
    body: row.Body as string,
    eventName: row.EventName as string,
    traceId: row.TraceId as string,
    spanId: row.SpanId as string,
    traceFlags: row.TraceFlags as number,
    ...commonOf(row),
    attributes: pairsOf(row.LogAttributes),
  }));
}

/** Spans as they were encoded, without their events and links. */
export function spansOf(encoded: EncodedRecords): SpanRecord[] {
  return rowsOf(encoded).map((row) => ({
    timestamp: row.Timestamp as bigint,
    endTimestamp: (row.Timestamp as bigint) + (row.Duration as bigint),
    traceId: row.TraceId as string,
    spanId: row.SpanId as string,
    parentSpanId: row.ParentSpanId as string,
    traceState: row.TraceState as string,
    name: row.SpanName as string,
    kind: row.SpanKind as SpanRecord["kind"],
    statusCode: row.StatusCode as SpanRecord["statusCode"],
    statusMessage: row.StatusMessage as string,
    ...commonOf(row),
    attributes: pairsOf(row.SpanAttributes),
    events: [],
    links: [],
  }));
}

function commonOf(row: Row): Pick<LogRecord, "resource" | "scope"> {
  return {
    resource: {
      ...resourceOf(pairsOf(row.ResourceAttributes)),
      schemaUrl: (row.ResourceSchemaUrl ?? "") as string,
      serviceName: row.ServiceName as string,
      host: row.Host as string,
      runtime: row.Runtime as string,
    },
    scope: {
      name: row.ScopeName as string,
      version: row.ScopeVersion as string,
      schemaUrl: (row.ScopeSchemaUrl ?? "") as string,
      attributes: pairsOf(row.ScopeAttributes),
    },
  };
}
