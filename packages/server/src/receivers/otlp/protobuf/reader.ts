import { PolylogError } from "../../../errors.ts";
import { internAscii, MAX_INTERNED } from "./interning.ts";

/** Wire types. Source: protobuf.dev, "Encoding", message structure. */
const VARINT = 0;
const FIXED64 = 1;
const LENGTH = 2;
const FIXED32 = 5;

/**
 * Hot path. Reads the protobuf wire format from left to right, within bounds: a message can't reach past the one
 * around it, whatever its length says.
 *
 * A tag is `field << 3 | wire type`, so a `switch` on tags checks both at once; everything else goes to
 * {@link skip}. The other `read…` methods belong after the tag that announced them.
 *
 * @throws PolylogError from every method: `POLYLOG_E_BAD_REQUEST`, with the offset in the request.
 */
export class ProtobufReader {
  readonly #bytes: Buffer;
  readonly #view: DataView;
  #position = 0;
  #end: number;

  constructor(bytes: Buffer) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#end = bytes.length;
  }

  /** Offset in the request. */
  get position(): number {
    return this.#position;
  }

  /** Offset in the request at which the message at hand ends. */
  get end(): number {
    return this.#end;
  }

  hasMore(): boolean {
    return this.#position < this.#end;
  }

  readTag(): number {
    const tag = this.#readVarint();
    if (tag < 8 || tag > 0xffff_ffff) throw this.malformed("has no valid field number");
    return tag;
  }

  /** Goes into the message that follows. Returns the end of the one around it, for {@link leave}. */
  enter(): number {
    const length = this.#readLength();
    const outer = this.#end;
    this.#end = this.#position + length;
    return outer;
  }

  /** Goes on after the message that was entered, however much of it was read. */
  leave(outer: number): void {
    this.#position = this.#end;
    this.#end = outer;
  }

  /** Goes to offsets that were {@link position} and {@link end} before. */
  seek(position: number, end: number): void {
    this.#position = position;
    this.#end = end;
  }

  /**
   * Passes over a field.
   *
   * @param known bit set of the fields that the caller knows by their right tags: one of these here has a wrong
   *   wire type. Fields that nobody knows are from a later version of the protocol.
   */
  skip(tag: number, known: number): void {
    const field = tag >>> 3;
    const wireType = tag & 7;
    if (field < 32 && (known >>> field) & 1)
      throw this.malformed(`has field ${field} as wire type ${wireType}`);
    if (wireType === VARINT) this.#readVarint();
    else if (wireType === LENGTH) this.#advance(this.#readLength());
    else if (wireType === FIXED64) this.#advance(8);
    else if (wireType === FIXED32) this.#advance(4);
    else throw this.malformed(`has the wire type ${wireType}, which OTLP doesn't use`);
  }

  /** UTF-8; invalid bytes become U+FFFD. */
  readText(): string {
    const length = this.#readLength();
    const start = this.#position;
    this.#position += length;
    if (length === 0) return "";
    if (length <= MAX_INTERNED) {
      const known = internAscii(this.#bytes, this.#view, start, this.#position);
      if (known !== undefined) return known;
    }
    return this.#bytes.toString("utf8", start, this.#position);
  }

  /** Bytes as lower-case hex digits. */
  readHex(): string {
    return this.#readBytes("hex");
  }

  readBase64(): string {
    return this.#readBytes("base64");
  }

  readBool(): boolean {
    return this.#readVarint() !== 0;
  }

  /** An enum's or counter's value. Those that don't fit its type are large numbers, never negative ones. */
  readUnsigned(): number {
    return this.#readVarint();
  }

  /** An `int64` in digits, because numbers end at 2^53. */
  readInt64(): string {
    const start = this.#position;
    const value = this.#readVarint();
    if (value <= Number.MAX_SAFE_INTEGER) return String(value);
    let exact = 0n;
    for (let i = this.#position - 1; i >= start; i--) exact = (exact << 7n) | BigInt(this.#bytes[i]! & 127);
    return String(BigInt.asIntN(64, exact));
  }

  readFixed64(): bigint {
    return this.#view.getBigUint64(this.#advance(8), true);
  }

  readDouble(): number {
    return this.#view.getFloat64(this.#advance(8), true);
  }

  readFixed32(): number {
    return this.#view.getUint32(this.#advance(4), true);
  }

  malformed(what: string): PolylogError {
    return new PolylogError("POLYLOG_E_BAD_REQUEST", `the protobuf at byte ${this.#position} ${what}`);
  }

  #readBytes(encoding: "hex" | "base64"): string {
    const length = this.#readLength();
    const start = this.#advance(length);
    return length === 0 ? "" : this.#bytes.toString(encoding, start, start + length);
  }

  #readLength(): number {
    const length = this.#readVarint();
    if (length > this.#end - this.#position) {
      throw this.malformed(`has a length of ${length}, but ${this.#end - this.#position} bytes are left`);
    }
    return length;
  }

  /** An unsigned varint, exact up to 2^53. */
  #readVarint(): number {
    let byte = this.#readByte();
    if (byte < 128) return byte;
    let value = byte & 127;
    let scale = 128;
    for (let i = 1; i < 10; i++) {
      byte = this.#readByte();
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
    throw this.malformed("has a number of more than ten bytes");
  }

  #readByte(): number {
    if (this.#position >= this.#end) throw this.malformed("ends within a field");
    return this.#bytes[this.#position++]!;
  }

  /** Moves on and returns where it was. */
  #advance(length: number): number {
    const start = this.#position;
    if (length > this.#end - start) throw this.malformed("ends within a field");
    this.#position = start + length;
    return start;
  }
}

/** The bit set that {@link ProtobufReader.skip} takes. */
export function fieldSet(...fields: readonly number[]): number {
  return fields.reduce((set, field) => set | (1 << field), 0);
}
