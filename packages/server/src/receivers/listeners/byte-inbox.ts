const EMPTY = Buffer.alloc(0);
/** From here on memory grows by doubling. */
const LEAST_CAPACITY = 256;

/**
 * Hot path. The bytes of a connection that are not read yet, in one piece.
 *
 * Bytes that come one by one cost a copy each and no object; a chunk that is read at once is never copied.
 *
 * @example
 * const inbox = new ByteInbox();
 * const bytes = inbox.add(chunk);
 * inbox.keep(bytes, readTo); // what lies behind `readTo` stands before the next chunk
 */
export class ByteInbox {
  /** Memory of its own; the held bytes are its first `#length`. */
  #memory = EMPTY;
  #length = 0;

  /** Bytes held. */
  get length(): number {
    return this.#length;
  }

  /** All bytes that are not read yet, the chunk last. Valid until the next call. */
  add(chunk: Buffer): Buffer {
    if (this.#length === 0) return chunk;
    const length = this.#length + chunk.length;
    if (length > this.#memory.length) {
      const grown = Buffer.allocUnsafeSlow(Math.max(LEAST_CAPACITY, 2 * this.#memory.length, length));
      this.#memory.copy(grown, 0, 0, this.#length);
      this.#memory = grown;
    }
    chunk.copy(this.#memory, this.#length);
    this.#length = length;
    return this.#memory.subarray(0, length);
  }

  /** Keeps the bytes from `start` on of what {@link add} gave. */
  keep(bytes: Buffer, start: number): void {
    const length = bytes.length - start;
    const isOwn = bytes.buffer === this.#memory.buffer && this.#memory.length > 0;
    if (length === 0) {
      this.#memory = EMPTY;
    } else if (isOwn && length * 4 >= this.#memory.length) {
      if (start > 0) this.#memory.copyWithin(0, start, start + length);
    } else {
      // A chunk's memory is large and its rest small: a copy frees it.
      const memory = Buffer.allocUnsafeSlow(Math.max(LEAST_CAPACITY, length));
      bytes.copy(memory, 0, start);
      this.#memory = memory;
    }
    this.#length = length;
  }
}
