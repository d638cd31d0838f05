import type { FuzzResult } from "./fuzz.ts";

/** What a worker is to do. */
export interface FuzzOrder {
  readonly name: string;
  readonly inputs: number;
  readonly seed: number;
  readonly corpus: readonly Uint8Array[];
  /** See {@link CurrentInput}. */
  readonly current: SharedArrayBuffer;
}

/** What a worker tells at its end. */
export type FuzzReport = FuzzResult;

const COUNT = 0;
const LENGTH = 1;
const HEAD_BYTES = 8;
const MAX_BYTES = 8192;

/** The input that a worker is at, in memory that the main thread sees while the worker hangs. */
export class CurrentInput {
  readonly #head: Int32Array;
  readonly #bytes: Uint8Array;

  static allocate(): SharedArrayBuffer {
    return new SharedArrayBuffer(HEAD_BYTES + MAX_BYTES);
  }

  constructor(memory: SharedArrayBuffer) {
    this.#head = new Int32Array(memory, 0, 2);
    this.#bytes = new Uint8Array(memory, HEAD_BYTES);
  }

  /** Inputs so far. */
  get count(): number {
    return Atomics.load(this.#head, COUNT);
  }

  set(input: Buffer): void {
    const length = Math.min(input.length, MAX_BYTES);
    this.#bytes.set(input.subarray(0, length));
    Atomics.store(this.#head, LENGTH, length);
    Atomics.add(this.#head, COUNT, 1);
  }

  get(): Buffer {
    return Buffer.from(this.#bytes.slice(0, Atomics.load(this.#head, LENGTH)));
  }
}
