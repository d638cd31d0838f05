import { PolylogError } from "../errors.ts";
import { createShares } from "../shares.ts";

/** Room for the bodies of one sender, in what all share. */
export interface BodyRoom {
  /** @throws PolylogError `POLYLOG_E_INTAKE_FULL` when there is no room now. */
  take(bytes: number): void;
  give(bytes: number): void;
}

/**
 * What bodies may take together while they arrive. Each is within its own limit; a hundred at once would not be.
 * A sender may take its share of it, which leaves room for others: whose records they are is not known yet, so here
 * senders are told apart by their address.
 *
 * @example
 * const memory = new BodyMemory(256 << 20);
 * await readBody(request.raw, request.headers, limits, memory.of(request.ip));
 */
export class BodyMemory {
  readonly #shares: ReturnType<typeof createShares>;

  /** @param bytes of all bodies together */
  constructor(bytes: number) {
    this.#shares = createShares(bytes);
  }

  /** @param sender its address */
  of(sender: string): BodyRoom {
    const shares = this.#shares;
    return {
      take(bytes) {
        if (shares.take(sender, bytes)) return;
        throw new PolylogError("POLYLOG_E_INTAKE_FULL", "Too many large requests at once", {
          remedy: "Send again in a second.",
          retryAfterSeconds: 1,
        });
      },
      give: (bytes) => shares.give(sender, bytes),
    };
  }
}
