/**
 * The numbers that requests are acknowledged by. A number is given when the records are committed, so what was
 * given is acknowledged, and nothing need be remembered but the last; numbers go on from the clock, so they hold
 * across restarts too.
 */
export class Acknowledgements {
  #next: number;

  /** @param start milliseconds since 1970: numbers are given more slowly than they pass */
  constructor(start: number) {
    this.#next = start;
  }

  next(): number {
    return this.#next++;
  }

  /** Whether each number stands for committed records. */
  statesOf(ids: readonly number[]): Readonly<Record<string, boolean>> {
    return Object.fromEntries(ids.map((id) => [String(id), id >= 0 && id < this.#next]));
  }
}
