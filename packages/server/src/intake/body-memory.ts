import { PolylogError } from "../errors.ts";
import { createShares } from "../shares.ts";

/** Room for the bodies of one sender, in what all share. */
export interface BodyRoom {
  /** @throws PolylogError `POLYLOG_E_INTAKE_FULL` when there is no room now. */
  take(bytes: number): void;
  give(bytes: number): void;
}

/** Room for the body of a request that is stored in parts. */
export interface PartsRoom {
  /** @throws PolylogError `POLYLOG_E_INTAKE_FULL` when there is no room now: never behind {@link PartsRoom.reserve} */
  hold(bytes: number): void;
  /**
   * To be called before a part is stored that others may follow: from there on there is room for each of them, as the
   * sender would repeat what is stored. Throws like {@link PartsRoom.hold}.
   */
  reserve(): void;
  /** What was held is stored. */
  settle(bytes: number): void;
  /** To be called in any case, when it is over. */
  release(): void;
}

/** @param most bytes that the largest part may take */
export function createPartsRoom(room: BodyRoom, most: number): PartsRoom {
  let taken = 0;
  let held = 0;

  function takeUpTo(bytes: number): void {
    if (bytes <= taken) return;
    room.take(bytes - taken);
    taken = bytes;
  }

  return {
    hold(bytes) {
      takeUpTo(held + bytes);
      held += bytes;
    },
    reserve: () => takeUpTo(most),
    settle(bytes) {
      held -= bytes;
    },
    release() {
      room.give(taken);
      taken = 0;
    },
  };
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
