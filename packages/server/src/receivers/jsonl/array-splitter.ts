/** One element of an array, as its own JSON text. */
export interface ArrayElement {
  readonly text: string;
  /** True when it was longer than allowed, and `text` is but its beginning. */
  readonly isCut: boolean;
}

const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/**
 * Hot path. Takes the elements out of a JSON array while its bytes come, so that an array of any length is
 * read in slices and a bad element spoils only itself. Looks at brackets and strings only: what is between
 * them is for the parser of the elements. Arrays may follow one another.
 */
export class ArraySplitter {
  readonly #maxElementBytes: number;
  #parts: Buffer[] = [];
  #kept = 0;
  #isCut = false;
  /** 0 outside the array, 1 in it, more in an element's own brackets. */
  #depth = 0;
  #isInElement = false;
  #isInString = false;
  #isEscaped = false;

  constructor(maxElementBytes: number) {
    this.#maxElementBytes = maxElementBytes;
  }

  /** True between a `[` and its `]`. */
  get isOpen(): boolean {
    return this.#depth > 0;
  }

  push(chunk: Buffer, onElement: (element: ArrayElement) => void): void {
    let start = 0;
    for (let at = 0; at < chunk.length; at++) {
      const c = chunk[at]!;
      if (this.#isInString) {
        if (this.#isEscaped) this.#isEscaped = false;
        else if (c === BACKSLASH) this.#isEscaped = true;
        else if (c === QUOTE) this.#isInString = false;
        continue;
      }
      if (this.#depth === 1 && (c === COMMA || c === CLOSE_BRACKET)) {
        if (this.#isInElement) this.#finish(chunk, start, at, onElement);
        if (c === CLOSE_BRACKET) this.#depth = 0;
        continue;
      }
      if (this.#depth === 0) {
        if (c === OPEN_BRACKET) {
          this.#depth = 1;
          continue;
        }
        // Whatever stands outside is an element that isn't one, so that it is told.
        if (c <= 32 || c === COMMA) continue;
        this.#depth = 1;
      }
      if (!this.#isInElement) {
        if (c <= 32) continue;
        this.#isInElement = true;
        start = at;
      }
      if (c === QUOTE) this.#isInString = true;
      else if (c === OPEN_BRACE || c === OPEN_BRACKET) this.#depth++;
      else if (c === CLOSE_BRACE || c === CLOSE_BRACKET) this.#depth = Math.max(1, this.#depth - 1);
    }
    if (this.#isInElement) this.#keep(chunk, start, chunk.length);
  }

  /** Gives what is left of an array that has no end. */
  end(onElement: (element: ArrayElement) => void): void {
    if (this.#isInElement) this.#finish(Buffer.alloc(0), 0, 0, onElement);
  }

  #keep(chunk: Buffer, start: number, end: number): void {
    const room = Math.min(end - start, this.#maxElementBytes - this.#kept);
    if (room > 0) this.#parts.push(chunk.subarray(start, start + room));
    this.#kept += room;
    if (room < end - start) this.#isCut = true;
  }

  #finish(chunk: Buffer, start: number, end: number, onElement: (element: ArrayElement) => void): void {
    // What was begun in an earlier chunk goes on at this one's beginning.
    this.#keep(chunk, start, end);
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts, this.#kept);
    const element = { text: bytes.toString("utf8"), isCut: this.#isCut };
    this.#parts = [];
    this.#kept = 0;
    this.#isCut = false;
    this.#isInElement = false;
    onElement(element);
  }
}
