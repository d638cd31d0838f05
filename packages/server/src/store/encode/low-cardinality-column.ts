import { ByteWriter } from "./byte-writer.ts";
import type { Column } from "./columns.ts";
import type { Packed, Unpacked } from "./packed.ts";
import { WordWriter } from "./word-writer.ts";

/** Bits of the word that precedes the data: keys follow, and the dictionary is this block's own. */
const HAS_ADDITIONAL_KEYS = 1 << 9;
const NEEDS_NEW_DICTIONARY = 1 << 10;

/** The version of the serialization: dictionaries with additional keys. */
export const LOW_CARDINALITY_VERSION = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);

/** Hot path. `LowCardinality(String)`: each distinct text once, and its number for each row. */
export class LowCardinalityColumn implements Column {
  readonly name: string;
  readonly type = "LowCardinality(String)";
  readonly prefix = LOW_CARDINALITY_VERSION;
  readonly #numbers = new Map<string, number>();
  readonly #keys = new ByteWriter(1024);
  /** Distinct texts. */
  #size = 0;
  readonly #rows = new WordWriter();
  #lastText = "";
  #lastNumber = -1;

  constructor(name: string) {
    this.name = name;
  }

  get size(): number {
    return this.#keys.length + this.#rows.length * 2;
  }

  get rows(): number {
    return this.#rows.length;
  }

  add(text: string): void {
    if (text !== this.#lastText || this.#lastNumber < 0) {
      this.#lastNumber = this.#numberOf(text);
      this.#lastText = text;
    }
    this.#rows.add(this.#lastNumber);
  }

  /** The number of a text in this block, for {@link addNumber}. */
  numberOf(text: string): number {
    return this.#numberOf(text);
  }

  addNumber(number: number): void {
    this.#rows.add(number);
  }

  numberAt(row: number): number {
    return this.#rows.at(row);
  }

  /** All texts of this block, by their numbers. */
  texts(): string[] {
    return this.#keys.strings();
  }

  slice(from: number, to: number): readonly Uint8Array[] {
    if (from === to) return [];
    const size = this.#size;
    const width = size <= 0x100 ? 0 : size <= 0x1_0000 ? 1 : 2;
    const head = new ByteWriter(24);
    head.count(width | HAS_ADDITIONAL_KEYS | NEEDS_NEW_DICTIONARY);
    head.count(size);
    const count = new ByteWriter(8);
    count.count(to - from);
    return [head.written(), this.#keys.written(), count.written(), this.#rows.narrow(from, to, width)];
  }

  truncate(rows: number): void {
    this.#rows.truncate(rows);
  }

  reset(): void {
    this.#numbers.clear();
    this.#size = 0;
    this.#keys.reset();
    this.#rows.truncate(0);
    this.#lastNumber = -1;
    this.#lastText = "";
  }

  release(to: Packed): void {
    this.#keys.release(to);
    this.#rows.release(to);
    to.numbers.push(this.#size);
  }

  adopt(from: Unpacked): void {
    this.#keys.adopt(from);
    this.#rows.adopt(from);
    this.#size = from.number();
  }

  #numberOf(text: string): number {
    let number = this.#numbers.get(text);
    if (number === undefined) {
      // First the bytes: a value that is no text fails here and leaves no number behind.
      this.#keys.string(text);
      number = this.#size++;
      this.#numbers.set(text, number);
    }
    return number;
  }
}
