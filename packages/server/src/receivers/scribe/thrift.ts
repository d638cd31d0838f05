import { PolylogError } from "../../errors.ts";

/** What a message is. Source: Apache Thrift, "Thrift Binary protocol encoding". */
export const MESSAGE = { call: 1, reply: 2, exception: 3, oneway: 4 } as const;

/** Types of values. */
export const TYPE = {
  stop: 0,
  bool: 2,
  byte: 3,
  double: 4,
  i16: 6,
  i32: 8,
  i64: 10,
  string: 11,
  struct: 12,
  map: 13,
  set: 14,
  list: 15,
} as const;

/** Bytes of values that have no length of their own. */
const FIXED: ReadonlyMap<number, number> = new Map([
  [TYPE.bool, 1],
  [TYPE.byte, 1],
  [TYPE.double, 8],
  [TYPE.i16, 2],
  [TYPE.i32, 4],
  [TYPE.i64, 8],
]);

const MAX_DEPTH = 16;
/** Elements of a list that is passed over, and fields of a struct. */
const MAX_ELEMENTS = 1 << 20;

/** Thrown when the bytes end within a value; more of them may come. */
export class MoreNeeded extends Error {}

/**
 * Hot path. Reads Thrift's binary protocol out of bytes, each length checked before it is believed.
 *
 * Methods throw {@link MoreNeeded} where the bytes end, and `POLYLOG_E_BAD_REQUEST` or `POLYLOG_E_TOO_LARGE` for
 * what can't be right.
 */
export class ThriftReader {
  readonly #bytes: Buffer;
  readonly #maxText: number;
  at: number;

  /** @param maxText bytes of one text */
  constructor(bytes: Buffer, at: number, maxText: number) {
    this.#bytes = bytes;
    this.at = at;
    this.#maxText = maxText;
  }

  byte(): number {
    return this.#bytes[this.#take(1)]!;
  }

  i16(): number {
    return this.#bytes.readInt16BE(this.#take(2));
  }

  i32(): number {
    return this.#bytes.readInt32BE(this.#take(4));
  }

  /** A text as it lies there; what isn't UTF-8 in it is replaced. */
  text(): string {
    const length = this.length();
    if (length > this.#maxText) {
      throw new PolylogError(
        "POLYLOG_E_TOO_LARGE",
        `A text of ${length} bytes; at most ${this.#maxText} are taken.`,
      );
    }
    const start = this.#take(length);
    return this.#bytes.toString("utf8", start, start + length);
  }

  /** A count or a length. */
  length(): number {
    const length = this.i32();
    if (length < 0) throw malformed(`a length of ${length}`);
    return length;
  }

  /** Passes over a value. */
  skip(type: number, depth = 0): void {
    if (depth > MAX_DEPTH) throw malformed("values nested too deeply");
    const fixed = FIXED.get(type);
    if (fixed !== undefined) this.#take(fixed);
    else if (type === TYPE.string) this.text();
    else if (type === TYPE.struct) this.#skipStruct(depth);
    else if (type === TYPE.list || type === TYPE.set) this.#skipList([this.byte()], depth);
    else if (type === TYPE.map) this.#skipList([this.byte(), this.byte()], depth);
    else throw malformed(`${type} is no type`);
  }

  #skipStruct(depth: number): void {
    for (let fields = 0; fields < MAX_ELEMENTS; fields++) {
      const type = this.byte();
      if (type === TYPE.stop) return;
      this.i16();
      this.skip(type, depth + 1);
    }
    throw malformed("a struct without an end");
  }

  #skipList(types: readonly number[], depth: number): void {
    const count = this.length();
    if (count > MAX_ELEMENTS) throw malformed(`a list of ${count}`);
    for (let i = 0; i < count; i++) for (const type of types) this.skip(type, depth + 1);
  }

  #take(bytes: number): number {
    const start = this.at;
    if (start + bytes > this.#bytes.length) throw new MoreNeeded();
    this.at += bytes;
    return start;
  }
}

/** Writes the few kinds of answers that there are. */
export class ThriftWriter {
  readonly #parts: Buffer[] = [];

  /** Begins a message: strict, as every Thrift of the last ten years reads it, or as the old ones do. */
  message(name: string, type: number, sequence: number, isStrict: boolean): this {
    if (isStrict) this.i32(0x80010000 | type).text(name);
    else this.text(name).byte(type);
    return this.i32(sequence);
  }

  byte(value: number): this {
    this.#parts.push(Buffer.of(value));
    return this;
  }

  i32(value: number): this {
    const bytes = Buffer.alloc(4);
    bytes.writeInt32BE(value | 0);
    this.#parts.push(bytes);
    return this;
  }

  i64(value: bigint): this {
    const bytes = Buffer.alloc(8);
    bytes.writeBigInt64BE(value);
    this.#parts.push(bytes);
    return this;
  }

  text(value: string): this {
    const bytes = Buffer.from(value);
    this.i32(bytes.length);
    this.#parts.push(bytes);
    return this;
  }

  field(type: number, id: number): this {
    this.#parts.push(Buffer.of(type, id >> 8, id & 0xff));
    return this;
  }

  bytes(): Buffer {
    return Buffer.concat(this.#parts);
  }
}

export function malformed(what: string): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `This is not Thrift's binary protocol: ${what}.`, {
    remedy: "Send Scribe's Log over Thrift's binary protocol, framed or buffered.",
  });
}
