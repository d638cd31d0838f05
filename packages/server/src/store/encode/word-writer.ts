import type { Packed, Unpacked } from "./packed.ts";

/** Words that it takes at the first write. */
const INITIAL = 1024;

/** Non-negative integers below 2^32 in a row; grows as it is written. */
export class WordWriter {
  /** Has its memory for itself. */
  #words = new Uint32Array(0);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(word: number): void {
    if (this.#length === this.#words.length) {
      const larger = new Uint32Array(Math.max(INITIAL, this.#words.length * 2));
      larger.set(this.#words);
      this.#words = larger;
    }
    this.#words[this.#length++] = word;
  }

  /** The word at a place; 0 before the first one. */
  at(index: number): number {
    return index < 0 ? 0 : (this.#words[index] as number);
  }

  truncate(length: number): void {
    this.#length = Math.min(this.#length, length);
  }

  /** Packs the words. To be emptied then. */
  release(to: Packed): void {
    if (!to.take(new Uint8Array(this.#words.buffer), this.#length * 4)) this.#words = new Uint32Array(0);
  }

  /** Holds what another one has released; nothing is to be added then. */
  adopt(from: Unpacked): void {
    const { buffer, byteOffset, length } = from.bytes();
    this.#words = new Uint32Array(buffer, byteOffset, length / 4);
    this.#length = length / 4;
  }

  /** Words as bytes of 1, 2 or 4 bytes each (`width` 0, 1 or 2), which they have to fit in. */
  narrow(from: number, to: number, width: 0 | 1 | 2): Uint8Array {
    const words = this.#words.subarray(from, to);
    // By its constructor: `from` would ask for them one by one.
    if (width === 0) return new Uint8Array(words);
    const narrow = width === 1 ? new Uint16Array(words) : words;
    return new Uint8Array(narrow.buffer, narrow.byteOffset, narrow.byteLength);
  }

  /** Words less `base`, as bytes of 8 bytes each. */
  widen(from: number, to: number, base: number): Uint8Array {
    const wide = new Uint32Array((to - from) * 2);
    for (let i = from; i < to; i++) wide[(i - from) * 2] = (this.#words[i] as number) - base;
    return new Uint8Array(wide.buffer);
  }
}
