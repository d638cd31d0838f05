import type { Attributes } from "../../record/record.ts";
import { ByteWriter } from "./byte-writer.ts";
import { uniqueAttributes } from "./unique-attributes.ts";

/** Hot path: the columns of a block in ClickHouse's Native format. Bench: `encode`. */

/** One column of a block. Types are plain; the engine converts to `LowCardinality` where the table says so. */
export interface Column {
  readonly name: string;
  readonly type: string;
  /** The parts of its data, in order. Valid until the next write. */
  parts(): readonly Uint8Array[];
  reset(): void;
}

/** A column whose data is one run of bytes. */
export class PlainColumn extends ByteWriter implements Column {
  readonly name: string;
  readonly type: string;

  constructor(name: string, type: string) {
    super();
    this.name = name;
    this.type = type;
  }

  parts(): readonly Uint8Array[] {
    return [this.written()];
  }
}

/** Attributes that many rows share, encoded once. */
export interface EncodedAttributes {
  readonly pairs: number;
  readonly keys: Uint8Array;
  readonly values: Uint8Array;
}

export const NO_ATTRIBUTES: EncodedAttributes = {
  pairs: 0,
  keys: new Uint8Array(),
  values: new Uint8Array(),
};

/** Encodes attributes for {@link MapColumn.encoded}. */
export function encodeAttributes(attributes: Attributes): EncodedAttributes {
  const column = new MapColumn("", "Map(String, String)");
  column.row(attributes);
  const [, keys, values] = column.parts();
  return { pairs: column.pairs, keys: Uint8Array.from(keys ?? []), values: Uint8Array.from(values ?? []) };
}

/** A `Map(String, String)`: where each row ends, all keys, all values. */
export class MapColumn implements Column {
  readonly name: string;
  readonly type: string;
  readonly #offsets = new ByteWriter();
  readonly #keys = new ByteWriter();
  readonly #values = new ByteWriter();
  #pairs = 0;

  constructor(name: string, type: string) {
    this.name = name;
    this.type = type;
  }

  get pairs(): number {
    return this.#pairs;
  }

  row(attributes: Attributes): void {
    this.add(attributes);
    this.endRow();
  }

  encoded({ pairs, keys, values }: EncodedAttributes): void {
    if (pairs > 0) {
      this.#keys.bytes(keys);
      this.#values.bytes(values);
      this.#pairs += pairs;
    }
    this.endRow();
  }

  /** Adds pairs to the row that is being written. */
  add(attributes: Attributes): void {
    const unique = uniqueAttributes(attributes);
    for (let i = 0; i + 1 < unique.length; i += 2) {
      this.#keys.string(unique[i] as string);
      this.#values.string(unique[i + 1] as string);
    }
    this.#pairs += unique.length >> 1;
  }

  endRow(): void {
    this.#offsets.count(this.#pairs);
  }

  parts(): readonly Uint8Array[] {
    return [this.#offsets.written(), this.#keys.written(), this.#values.written()];
  }

  reset(): void {
    this.#offsets.reset();
    this.#keys.reset();
    this.#values.reset();
    this.#pairs = 0;
  }
}

/** Where each row of several `Array` columns of one `Nested` ends; elements go to the inner column. */
export class ArrayColumn implements Column {
  readonly name: string;
  readonly type: string;
  readonly inner: Column;
  readonly #offsets = new ByteWriter();
  #elements = 0;

  constructor(inner: Column) {
    this.name = inner.name;
    this.type = `Array(${inner.type})`;
    this.inner = inner;
  }

  /** Ends a row of which `elements` were written to the inner column. */
  endRow(elements: number): void {
    this.#elements += elements;
    this.#offsets.count(this.#elements);
  }

  parts(): readonly Uint8Array[] {
    return [this.#offsets.written(), ...this.inner.parts()];
  }

  reset(): void {
    this.#offsets.reset();
    this.inner.reset();
    this.#elements = 0;
  }
}

/** A whole block: header and columns. */
export function nativeBlock(columns: readonly Column[], rows: number): Buffer {
  const parts: Uint8Array[] = [];
  const head = new ByteWriter(64);
  head.varint(columns.length);
  head.varint(rows);
  parts.push(head.written());
  for (const column of columns) {
    const header = new ByteWriter(128);
    header.string(column.name);
    header.string(column.type);
    parts.push(header.written(), ...column.parts());
  }
  return Buffer.concat(parts);
}
