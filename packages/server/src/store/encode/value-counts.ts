import { hashOf } from "../../byte-hash.ts";
import { VALUE_BYTES, VALUES_A_NAME } from "../schema/log-fields.ts";

/** Places of the table; a power of two, and more than twice {@link VALUES_A_NAME}. */
const PLACES = 256;

/** A value and how often it was there. */
export interface ValueCount {
  /** Where it lies in the bytes that it was counted in. */
  readonly from: number;
  readonly to: number;
  readonly count: number;
}

/**
 * Hot path. How often one attribute had each value, by its bytes. From {@link VALUES_A_NAME} values on it is an id, and
 * counted as such. Bench: `encode`.
 */
export class ValueCounts {
  total = 0;
  /** That there are more values than are counted one by one. */
  isId = false;
  #size = 0;
  /** Positions in the lists below, from 1; 0 where none is. */
  readonly #places = new Uint8Array(PLACES);
  readonly #hashes: number[] = [];
  readonly #froms: number[] = [];
  readonly #tos: number[] = [];
  readonly #counts: number[] = [];

  /** @param bytes with all values that were added before, at the same places */
  add(bytes: Uint8Array, from: number, to: number): void {
    this.total++;
    if (this.isId) return;
    // Long values are no facets.
    const end = to - from > VALUE_BYTES ? from : to;
    const hash = hashOf(bytes, from, end);
    let place = hash & (PLACES - 1);
    for (let at = this.#places[place] as number; at > 0; at = this.#places[place] as number) {
      if (this.#hashes[at - 1] === hash && this.#isSame(at - 1, bytes, from, end)) {
        (this.#counts[at - 1] as number)++;
        return;
      }
      place = (place + 1) & (PLACES - 1);
    }
    if (this.#size === VALUES_A_NAME) {
      this.isId = true;
      return;
    }
    this.#places[place] = ++this.#size;
    this.#hashes.push(hash);
    this.#froms.push(from);
    this.#tos.push(end);
    this.#counts.push(1);
  }

  /** The values, unless they are too many. */
  *values(): Generator<ValueCount> {
    for (let i = 0; i < this.#size; i++) {
      yield { from: this.#froms[i] as number, to: this.#tos[i] as number, count: this.#counts[i] as number };
    }
  }

  #isSame(index: number, bytes: Uint8Array, from: number, to: number): boolean {
    const known = this.#froms[index] as number;
    const length = (this.#tos[index] as number) - known;
    if (length !== to - from) return false;
    for (let i = 0; i < length; i++) if (bytes[known + i] !== bytes[from + i]) return false;
    return true;
  }
}
