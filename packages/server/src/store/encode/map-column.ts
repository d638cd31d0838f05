import { type ByteLogRecord, SPAN_ATTRIBUTE, SPAN_HEAD } from "../../record/byte-log-record.ts";
import type { Attributes } from "../../record/record.ts";
import { type Column, StringColumn } from "./columns.ts";
import { LOW_CARDINALITY_VERSION, LowCardinalityColumn } from "./low-cardinality-column.ts";
import type { Packed, Unpacked } from "./packed.ts";
import { type SharedList, SharedLists } from "./shared-lists.ts";
import { uniqueAttributes } from "./unique-attributes.ts";
import { WordWriter } from "./word-writer.ts";

/** Hot path. `Map(LowCardinality(String), String)`: where each row ends, all keys, all values. */
export class MapColumn implements Column {
  readonly name: string;
  readonly type = "Map(LowCardinality(String), String)";
  readonly prefix = LOW_CARDINALITY_VERSION;
  readonly #ends = new WordWriter();
  readonly #keys = new LowCardinalityColumn("");
  readonly #values = new StringColumn("");
  readonly #shared = new SharedLists();
  /** Which of them each row has, from 1; 0 for none. */
  readonly #sharedRows = new WordWriter();
  #lastShared: Attributes | undefined;
  #lastEncoded: SharedList | undefined;

  constructor(name: string) {
    this.name = name;
  }

  get size(): number {
    return this.#ends.length * 8 + this.#keys.size + this.#values.size;
  }

  row(attributes: Attributes): void {
    this.add(attributes);
    this.endRow();
  }

  /** A row of attributes whose list is likely to come again: it is encoded once in a block. */
  shared(attributes: Attributes): void {
    let which = 0;
    if (attributes.length > 0) {
      if (attributes !== this.#lastShared || this.#lastEncoded === undefined) {
        this.#lastEncoded = this.#encodedOf(attributes);
        this.#lastShared = attributes;
      }
      const { keys, values, number } = this.#lastEncoded;
      which = number;
      for (const key of keys) this.#keys.addNumber(key);
      this.#values.bytes(values);
    }
    this.#sharedRows.add(which);
    this.endRow();
  }

  /** Which of {@link sharedLists} a row has, from 1; 0 when it has none. */
  sharedAt(row: number): number {
    return this.#sharedRows.at(row);
  }

  /** What {@link shared} was given in this block, without repeated names. */
  sharedLists(): Attributes[] {
    return this.#shared.attributes(() => this.names());
  }

  /** The names in this block, by their numbers. */
  names(): string[] {
    return this.#keys.texts();
  }

  /** Where the values of a row begin, for {@link forEachPair}. Walks. */
  valuesOf(row: number): number {
    return this.#values.endOf(this.#ends.at(row - 1));
  }

  /**
   * Calls back for each pair of a row: with the number of its name, and where its value lies.
   *
   * @param start where the values of the row begin
   * @returns where those of the next row do
   */
  forEachPair(
    row: number,
    start: number,
    take: (name: number, bytes: Uint8Array, from: number, to: number) => void,
  ): number {
    const bytes = this.#values.buffer;
    const last = this.#ends.at(row);
    let at = start;
    for (let pair = this.#ends.at(row - 1); pair < last; pair++) {
      let size = 0;
      let scale = 1;
      let byte = bytes[at++] as number;
      for (; byte > 0x7f; byte = bytes[at++] as number) {
        size += (byte & 0x7f) * scale;
        scale *= 128;
      }
      const from = at;
      at += size + byte * scale;
      take(this.#keys.numberAt(pair), bytes, from, at);
    }
    return at;
  }

  /** Adds pairs to the row that is being written. */
  add(attributes: Attributes): void {
    const unique = uniqueAttributes(attributes);
    for (let i = 0; i + 1 < unique.length; i += 2) {
      this.#keys.add(unique[i] as string);
      this.#values.string(unique[i + 1] as string);
    }
  }

  /** The same of a record whose values are bytes; its names are distinct. */
  addBytes({ bytes, spans, at, names }: ByteLogRecord): void {
    for (let i = 0, place = at + SPAN_HEAD; i < names.length; i++, place += SPAN_ATTRIBUTE) {
      this.#keys.add(names[i] as string);
      this.#values.utf8(bytes, spans[place] as number, spans[place + 1] as number);
    }
  }

  endRow(): void {
    this.#ends.add(this.#keys.rows);
  }

  slice(from: number, to: number): readonly Uint8Array[] {
    const first = this.#ends.at(from - 1);
    const last = this.#ends.at(to - 1);
    return [
      this.#ends.widen(from, to, first),
      ...this.#keys.slice(first, last),
      ...this.#values.slice(first, last, this.#keys.rows),
    ];
  }

  truncate(rows: number): void {
    this.#ends.truncate(rows);
    this.#sharedRows.truncate(rows);
    const pairs = this.#ends.at(this.#ends.length - 1);
    this.#keys.truncate(pairs);
    this.#values.truncate(pairs);
  }

  reset(): void {
    this.#ends.truncate(0);
    this.#keys.reset();
    this.#values.reset();
    this.#shared.clear();
    this.#sharedRows.truncate(0);
    this.#lastShared = undefined;
    this.#lastEncoded = undefined;
  }

  release(to: Packed): void {
    for (const part of [this.#ends, this.#keys, this.#values, this.#shared, this.#sharedRows])
      part.release(to);
  }

  adopt(from: Unpacked): void {
    for (const part of [this.#ends, this.#keys, this.#values, this.#shared, this.#sharedRows])
      part.adopt(from);
  }

  #encodedOf(attributes: Attributes): SharedList {
    return this.#shared.get(attributes) ?? this.#shared.add(attributes, (name) => this.#keys.numberOf(name));
  }
}
