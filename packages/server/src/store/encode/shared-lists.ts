import type { Attributes } from "../../record/record.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Packed, Unpacked } from "./packed.ts";
import { uniqueAttributes } from "./unique-attributes.ts";
import { WordWriter } from "./word-writer.ts";

/** Attributes that many rows share, as they are in a block. */
export interface SharedList {
  /** Of the names, among the keys of the column. */
  readonly keys: readonly number[];
  /** The values, as they are stored. */
  readonly values: Uint8Array;
  /** Its own, from 1. */
  readonly number: number;
}

/** The lists of attributes in a block that many of its rows share, each encoded once. */
export class SharedLists {
  readonly #lists = new Map<Attributes, SharedList>();
  /** What another one has released. */
  #adopted: AdoptedLists | undefined;

  get(attributes: Attributes): SharedList | undefined {
    return this.#lists.get(attributes);
  }

  /** @param numberOf the number of a name among the keys of the column */
  add(attributes: Attributes, numberOf: (name: string) => number): SharedList {
    const unique = uniqueAttributes(attributes);
    const keys: number[] = [];
    const values = new ByteWriter(256);
    for (let i = 0; i + 1 < unique.length; i += 2) {
      keys.push(numberOf(unique[i] as string));
      values.string(unique[i + 1] as string);
    }
    const list = { keys, values: values.written(), number: this.#lists.size + 1 };
    this.#lists.set(attributes, list);
    return list;
  }

  clear(): void {
    this.#lists.clear();
  }

  /** All of them in the order of their numbers, without repeated names. */
  attributes(names: () => readonly string[]): Attributes[] {
    return this.#adopted?.attributes(names()) ?? [...this.#lists.keys()].map(uniqueAttributes);
  }

  release(to: Packed): void {
    const ends = new WordWriter();
    const keys = new WordWriter();
    const values = new ByteWriter(1024);
    for (const list of this.#lists.values()) {
      for (const key of list.keys) keys.add(key);
      values.bytes(list.values);
      ends.add(keys.length);
    }
    ends.release(to);
    keys.release(to);
    values.release(to);
  }

  adopt(from: Unpacked): void {
    this.#adopted = new AdoptedLists(from);
  }
}

/** Those of another thread. */
class AdoptedLists {
  readonly #ends = new WordWriter();
  readonly #keys = new WordWriter();
  readonly #values = new ByteWriter();

  constructor(from: Unpacked) {
    this.#ends.adopt(from);
    this.#keys.adopt(from);
    this.#values.adopt(from);
  }

  attributes(names: readonly string[]): Attributes[] {
    const values = this.#values.strings();
    return Array.from({ length: this.#ends.length }, (_, list) => {
      const attributes: string[] = [];
      for (let pair = this.#ends.at(list - 1); pair < this.#ends.at(list); pair++) {
        attributes.push(names[this.#keys.at(pair)] as string, values[pair] as string);
      }
      return attributes;
    });
  }
}
