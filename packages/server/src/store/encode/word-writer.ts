/** Non-negative integers below 2^32 in a row; grows as it is written. */
export class WordWriter {
  #words = new Uint32Array(1024);
  #length = 0;

  get length(): number {
    return this.#length;
  }

  add(word: number): void {
    if (this.#length === this.#words.length) {
      const larger = new Uint32Array(this.#words.length * 2);
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

  /** Words as bytes of 1, 2 or 4 bytes each (`width` 0, 1 or 2), which they have to fit in. */
  narrow(from: number, to: number, width: 0 | 1 | 2): Uint8Array {
    const words = this.#words.subarray(from, to);
    if (width === 0) return Uint8Array.from(words);
    const narrow = width === 1 ? Uint16Array.from(words) : words;
    return new Uint8Array(narrow.buffer, narrow.byteOffset, narrow.byteLength);
  }

  /** Words less `base`, as bytes of 8 bytes each. */
  widen(from: number, to: number, base: number): Uint8Array {
    const wide = new Uint32Array((to - from) * 2);
    for (let i = from; i < to; i++) wide[(i - from) * 2] = (this.#words[i] as number) - base;
    return new Uint8Array(wide.buffer);
  }
}
