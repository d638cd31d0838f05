import type { Packed, Unpacked } from "./packed.ts";

/** Hot path: every byte that is stored passes here. Bench: `encode`. */

/** Up to this length a loop over ASCII beats the call into native code. */
const SHORT = 24;
/** From this length on the call that copies bytes beats a loop. */
const LONG = 128;

/**
 * Bytes that one writer takes. A megabyte on the wire can be a hundred gigabytes of rows: each record repeats the
 * attributes of a resource that is sent once.
 */
const MOST_BYTES = 512 << 20;

const NOTHING = Buffer.allocUnsafeSlow(0);

/** A writer can't take what it was given, nor anything as long. It is as it was. */
export class WriterFullError extends Error {
  constructor() {
    super(`Attributes that many records share make more than ${MOST_BYTES} bytes of their request.`);
    this.name = "WriterFullError";
  }
}

/** Grows as it is written; strings are a varint of their length and UTF-8, as in ClickHouse's Native format. */
export class ByteWriter {
  /** Has its memory for itself. */
  #buffer: Buffer<ArrayBuffer> = NOTHING;
  #length = 0;
  readonly #initial: number;

  /** @param initial bytes that it takes at the first write */
  constructor(initial = 16_384) {
    this.#initial = initial;
  }

  get length(): number {
    return this.#length;
  }

  /** Where what was written lies, from 0 on; valid until the next write. */
  get buffer(): Uint8Array {
    return this.#buffer;
  }

  /** What was written since the last {@link reset}; valid until the next write. */
  written(): Uint8Array {
    return this.#buffer.subarray(0, this.#length);
  }

  reset(): void {
    this.#length = 0;
  }

  /** Packs what was written. To be reset then. */
  release(to: Packed): void {
    if (!to.take(this.#buffer, this.#length)) this.#buffer = NOTHING;
  }

  /** Holds what another one has released; nothing is to be written then. */
  adopt(from: Unpacked): void {
    const { buffer, byteOffset, length } = from.bytes();
    this.#buffer = Buffer.from(buffer, byteOffset, length);
    this.#length = length;
  }

  /** The strings, if nothing else was written. */
  strings(): string[] {
    const texts: string[] = [];
    for (let at = 0; at < this.#length; ) {
      const { from, to } = stringAt(this.#buffer, at);
      texts.push(this.#buffer.toString("utf8", from, to));
      at = to;
    }
    return texts;
  }

  /** Drops what was written after a length that the writer had before. */
  truncate(length: number): void {
    this.#length = length;
  }

  /** Lone surrogates become U+FFFD: ClickHouse would refuse the whole block. */
  string(text: string): void {
    const { length } = text;
    // Three bytes a UTF-16 unit at most, and five of the varint.
    this.#reserve(length * 3 + 5);
    if (length < SHORT && this.#ascii(text)) return;
    this.#utf8(text);
  }

  /** A string of which the UTF-8 is there already. */
  utf8(bytes: Uint8Array, from: number, to: number): void {
    const size = to - from;
    this.#reserve(size + 5);
    const start = putVarint(this.#buffer, this.#length, size);
    if (size < LONG) {
      const buffer = this.#buffer;
      for (let i = 0; i < size; i++) buffer[start + i] = bytes[from + i] as number;
    } else this.#buffer.set(bytes.subarray(from, to), start);
    this.#length = start + size;
  }

  bytes(bytes: Uint8Array): void {
    this.#reserve(bytes.length);
    this.#buffer.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  varint(value: number): void {
    this.#reserve(8);
    this.#length = putVarint(this.#buffer, this.#length, value);
  }

  uint8(value: number): void {
    this.#reserve(1);
    this.#buffer[this.#length++] = value;
  }

  uint32(value: number): void {
    this.#reserve(4);
    this.#length = this.#buffer.writeUInt32LE(value, this.#length);
  }

  /** A count as UInt64; below 2^53. */
  count(value: number): void {
    this.#reserve(8);
    this.#buffer.writeUInt32LE(value >>> 0, this.#length);
    this.#buffer.writeUInt32LE(Math.floor(value / 0x1_0000_0000), this.#length + 4);
    this.#length += 8;
  }

  #ascii(text: string): boolean {
    const buffer = this.#buffer;
    let at = this.#length;
    buffer[at++] = text.length;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      if (unit > 0x7f) return false;
      buffer[at++] = unit;
    }
    this.#length = at;
    return true;
  }

  #utf8(text: string): void {
    const buffer = this.#buffer;
    const start = this.#length;
    // Most text is ASCII, so its length in UTF-16 tells how long the varint will be; if not, the text moves.
    const guess = varintSize(text.length);
    const size = buffer.write(text, start + guess, "utf8");
    const actual = varintSize(size);
    if (actual !== guess) buffer.copyWithin(start + actual, start + guess, start + guess + size);
    putVarint(buffer, start, size);
    this.#length = start + actual + size;
  }

  #reserve(bytes: number): void {
    const needed = this.#length + bytes;
    if (needed <= this.#buffer.length) return;
    if (needed > MOST_BYTES) throw new WriterFullError();
    const doubled = Math.min(MOST_BYTES, this.#buffer.length * 2);
    const larger = Buffer.allocUnsafeSlow(Math.max(needed, this.#initial, doubled));
    larger.set(this.written());
    this.#buffer = larger;
  }
}

function putVarint(buffer: Uint8Array, at: number, value: number): number {
  let rest = value;
  while (rest > 0x7f) {
    buffer[at++] = (rest % 128) | 0x80;
    rest = Math.floor(rest / 128);
  }
  buffer[at++] = rest;
  return at;
}

/** Where the bytes of a string lie whose length stands at a place. */
export function stringAt(bytes: Uint8Array, at: number): { from: number; to: number } {
  let size = 0;
  let scale = 1;
  let byte = bytes[at++] as number;
  for (; byte > 0x7f; byte = bytes[at++] as number) {
    size += (byte & 0x7f) * scale;
    scale *= 128;
  }
  return { from: at, to: at + size + byte * scale };
}

function varintSize(value: number): number {
  let size = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 128)) size++;
  return size;
}
