import type { EncodedRows } from "../../record/encoded-records.ts";

/**
 * Buffers up to this size stay with their column: to copy out of them costs less than to grow others for the next rows.
 * In bytes.
 */
const KEPT = 1 << 20;

/** What columns hold, packed one after the other for another thread. */
export class Packed {
  readonly parts: Uint8Array<ArrayBuffer>[] = [];
  readonly numbers: number[] = [];

  /**
   * Takes the first bytes of a buffer, which has its memory for itself.
   *
   * @returns whether the buffer stays with its owner; otherwise it is gone, or too large to be kept for what may come
   */
  take(buffer: Uint8Array<ArrayBuffer>, length: number): boolean {
    const isKept = buffer.length <= KEPT;
    // What is mostly empty would take more memory along than it is worth.
    const isMoved = !isKept && length * 2 >= buffer.length;
    const bytes = buffer.subarray(0, length);
    this.parts.push(isMoved ? bytes : new Uint8Array(bytes));
    return isKept;
  }
}

/** Gives out what was packed, in the same order. */
export class Unpacked {
  readonly #parts: Iterator<Uint8Array<ArrayBuffer>>;
  readonly #numbers: Iterator<number>;

  constructor({ parts, numbers }: Pick<EncodedRows, "parts" | "numbers">) {
    this.#parts = parts.values();
    this.#numbers = numbers.values();
  }

  bytes(): Uint8Array<ArrayBuffer> {
    return next(this.#parts);
  }

  number(): number {
    return next(this.#numbers);
  }
}

function next<T>(values: Iterator<T>): T {
  const { done, value } = values.next();
  if (done === true) throw new RangeError("Less was packed than is asked for.");
  return value;
}
