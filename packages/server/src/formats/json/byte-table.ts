/** Bytes that are known, and what was made of them. */
export interface Known<T> {
  readonly bytes: Uint8Array;
  readonly value: T;
}

/** Places of a table; a power of two. */
const PLACES = 2048;
/** What comes in more kinds than this is an id. */
const MOST = PLACES / 2;
/** Places that are looked at for one: more would be collisions by intent. */
const MOST_STEPS = 8;

/**
 * Hot path. Finds what was made of bytes that come again and again, without a string for each time. Bench: `intake`.
 *
 * Forgets everything when it is full: what comes often is soon back.
 */
export class ByteTable<T> {
  readonly #make: (text: string) => T;
  #places: (Known<T> | undefined)[] = empty();
  #size = 0;

  /** @param make of the text that bytes are, which are UTF-8 */
  constructor(make: (text: string) => T) {
    this.#make = make;
  }

  /**
   * What was made of the bytes from `from` up to but not including `to`; undefined when there is no place for it.
   *
   * @param hash of these bytes, by `hashStep`
   */
  find(bytes: Uint8Array, from: number, to: number, hash: number): Known<T> | undefined {
    const places = this.#places;
    for (let step = 0, place = hash & (PLACES - 1); step < MOST_STEPS; step++) {
      const known = places[place];
      if (known === undefined) return this.#keep(bytes, from, to, place);
      if (known.bytes.length === to - from && beginsWith(bytes, from, known.bytes)) return known;
      place = (place + 1) & (PLACES - 1);
    }
    return undefined;
  }

  #keep(bytes: Uint8Array, from: number, to: number, place: number): Known<T> | undefined {
    if (this.#size === MOST) {
      this.#places = empty();
      this.#size = 0;
      return undefined;
    }
    // Not `slice`: of a Buffer it would be a view that keeps the whole chunk.
    const own = Uint8Array.from(bytes.subarray(from, to));
    const known = { bytes: own, value: this.#make(textOf(own, 0, own.length)) };
    this.#places[place] = known;
    this.#size++;
    return known;
  }
}

/** Whether the bytes from `from` on begin with others. Reads no further than to the first that differs. */
export function beginsWith(bytes: Uint8Array, from: number, others: Uint8Array): boolean {
  const { length } = others;
  for (let i = 0; i < length; i++) if (others[i] !== bytes[from + i]) return false;
  return true;
}

export function textOf(bytes: Uint8Array, from: number, to: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset + from, to - from).toString("utf8");
}

function empty(): undefined[] {
  return new Array<undefined>(PLACES).fill(undefined);
}
