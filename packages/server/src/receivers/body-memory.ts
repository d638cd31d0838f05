import { PolylogError } from "../errors.ts";

/**
 * What bodies may take together while they arrive. Each is within its own limit; a hundred at once would not be.
 *
 * @example
 * const memory = new BodyMemory(256 << 20);
 * await readBody(request.raw, request.headers, limits, memory);
 */
export class BodyMemory {
  #free: number;

  /** @param bytes of all bodies together */
  constructor(bytes: number) {
    this.#free = bytes;
  }

  /** @throws PolylogError `POLYLOG_E_INTAKE_FULL` when there is no room now. */
  take(bytes: number): void {
    if (bytes > this.#free) {
      throw new PolylogError("POLYLOG_E_INTAKE_FULL", "Too many large requests at once", {
        remedy: "Send again in a second.",
        retryAfterSeconds: 1,
      });
    }
    this.#free -= bytes;
  }

  give(bytes: number): void {
    this.#free += bytes;
  }
}
