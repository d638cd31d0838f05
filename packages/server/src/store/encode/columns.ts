import { ByteWriter, stringAt } from "./byte-writer.ts";
import type { Packed, Unpacked } from "./packed.ts";
import { WordWriter } from "./word-writer.ts";

/**
 * Hot path: the columns of a block in ClickHouse's Native format. Bench: `encode`.
 *
 * Source: ClickHouse, `src/DataTypes/Serializations` (`SerializationLowCardinality`, `SerializationMap`, …).
 */

/** One column of a block: rows are added at its end, and a run of rows is taken out of it as bytes. */
export interface Column {
  readonly name: string;
  readonly type: string;
  /** Bytes of all rows, about. */
  readonly size: number;
  /** What precedes the data of the column, if anything does. */
  readonly prefix?: Uint8Array;
  /**
   * The data of the rows from `from` up to but not including `to`. Valid until the next write.
   *
   * @param all how many rows there are: where the last one ends need not be looked for
   */
  slice(from: number, to: number, all: number): readonly Uint8Array[];
  /** Drops the rows from `rows` on, and what was written of one that is not complete. */
  truncate(rows: number): void;
  reset(): void;
  /** Packs all rows for another thread. To be reset then. */
  release(to: Packed): void;
  /** Has the rows that a column of its kind has released, and can take no more. */
  adopt(from: Unpacked): void;
}

/** Values that a column takes memory for at the first one. */
const INITIAL_VALUES = 1024;

/** 64-bit numbers: `DateTime64`, `UInt64`. */
export class Column64 implements Column {
  readonly name: string;
  readonly type: string;
  /** Have their memory for themselves. */
  #values = new BigInt64Array(0);
  /** The same memory: the lower half of each value, then the upper one. */
  #words = new Uint32Array(this.#values.buffer);
  #rows = 0;

  constructor(name: string, type: string) {
    this.name = name;
    this.type = type;
  }

  get size(): number {
    return this.#rows * 8;
  }

  add(value: bigint): void {
    if (this.#rows === this.#values.length) this.#grow();
    this.#values[this.#rows] = value;
    this.#rows++;
  }

  /** A time as milliseconds since 1970, and nanoseconds of the last one: without the object that a bigint is. */
  addTime(milliseconds: number, nanoseconds: number): void {
    if (this.#rows === this.#values.length) this.#grow();
    // In units of 2^16 and the rest, both of which stay exact.
    const upper = Math.floor(milliseconds / 0x1_0000) * 1_000_000;
    const lower = (milliseconds % 0x1_0000) * 1_000_000 + nanoseconds + (upper % 0x1_0000) * 0x1_0000;
    const words = this.#words;
    words[this.#rows * 2] = lower;
    words[this.#rows * 2 + 1] = Math.floor(upper / 0x1_0000) + Math.floor(lower / 0x1_0000_0000);
    this.#rows++;
  }

  /** About the value of a row, as a number: nanoseconds since 1970 to a quarter of a microsecond. */
  about(row: number): number {
    return (this.#words[row * 2 + 1] as number) * 0x1_0000_0000 + (this.#words[row * 2] as number);
  }

  slice(from: number, to: number): readonly Uint8Array[] {
    return [new Uint8Array(this.#values.buffer, this.#values.byteOffset + from * 8, (to - from) * 8)];
  }

  truncate(rows: number): void {
    this.#rows = Math.min(this.#rows, rows);
  }

  reset(): void {
    this.#rows = 0;
  }

  release(to: Packed): void {
    const isKept = to.take(new Uint8Array(this.#values.buffer), this.#rows * 8);
    if (!isKept) this.#hold(new BigInt64Array(0));
  }

  adopt(from: Unpacked): void {
    const { buffer, byteOffset, length } = from.bytes();
    this.#rows = length / 8;
    this.#hold(new BigInt64Array(buffer, byteOffset, this.#rows));
  }

  #grow(): void {
    const larger = new BigInt64Array(Math.max(INITIAL_VALUES, this.#values.length * 2));
    larger.set(this.#values);
    this.#hold(larger);
  }

  #hold(values: BigInt64Array<ArrayBuffer>): void {
    this.#values = values;
    this.#words = new Uint32Array(values.buffer, values.byteOffset, values.length * 2);
  }
}

/** `UInt8`. */
export class Column8 extends ByteWriter implements Column {
  readonly name: string;
  readonly type = "UInt8";

  constructor(name: string) {
    super();
    this.name = name;
  }

  get size(): number {
    return this.length;
  }

  slice(from: number, to: number): readonly Uint8Array[] {
    return [this.written().subarray(from, to)];
  }
}

/** `String`: each value is its length and its bytes. */
export class StringColumn extends ByteWriter implements Column {
  readonly name: string;
  readonly type = "String";

  constructor(name: string) {
    super();
    this.name = name;
  }

  get size(): number {
    return this.length;
  }

  slice(from: number, to: number, all: number): readonly Uint8Array[] {
    const start = this.endOf(from);
    return [this.written().subarray(start, to === all ? this.length : this.endOf(to - from, start))];
  }

  override truncate(rows: number): void {
    super.truncate(this.endOf(rows));
  }

  /** Where `rows` strings end that begin at `start`. Walks: only parts of blocks are cut off, where some rows were refused or are too many. */
  endOf(rows: number, start = 0): number {
    const bytes = this.written();
    let at = start;
    for (let row = 0; row < rows && at < bytes.length; row++) at = stringAt(bytes, at).to;
    return at;
  }
}

/** Where each row of several `Array` columns of one `Nested` ends; elements go to the inner column. */
export class ArrayColumn implements Column {
  readonly name: string;
  readonly type: string;
  readonly prefix?: Uint8Array;
  readonly inner: Column;
  readonly #ends = new WordWriter();

  constructor(inner: Column) {
    this.name = inner.name;
    this.type = `Array(${inner.type})`;
    if (inner.prefix !== undefined) this.prefix = inner.prefix;
    this.inner = inner;
  }

  get size(): number {
    return this.#ends.length * 8 + this.inner.size;
  }

  /** Ends a row of which `elements` were written to the inner column. */
  endRow(elements: number): void {
    this.#ends.add(this.#ends.at(this.#ends.length - 1) + elements);
  }

  slice(from: number, to: number): readonly Uint8Array[] {
    const first = this.#ends.at(from - 1);
    const last = this.#ends.at(to - 1);
    const all = this.#ends.at(this.#ends.length - 1);
    return [this.#ends.widen(from, to, first), ...this.inner.slice(first, last, all)];
  }

  truncate(rows: number): void {
    this.#ends.truncate(rows);
    this.inner.truncate(this.#ends.at(this.#ends.length - 1));
  }

  reset(): void {
    this.#ends.truncate(0);
    this.inner.reset();
  }

  release(to: Packed): void {
    this.#ends.release(to);
    this.inner.release(to);
  }

  adopt(from: Unpacked): void {
    this.#ends.adopt(from);
    this.inner.adopt(from);
  }
}
