import { PolylogError } from "../errors.ts";
import { createShares } from "../shares.ts";

/** How many messages may arrive at a time, and for how long; milliseconds. */
export interface ReadingLimits {
  readonly turns: number;
  /** Calls that wait for a turn; the next one is refused at once. */
  readonly waiting: number;
  /** How long a call waits for its turn. */
  readonly patience: number;
  /** How long a turn lasts, or a sender that stops in the middle would keep it for ever. */
  readonly duration: number;
}

/** A call's turn to have its message read. */
export interface Turn {
  /** Resolves when reading may begin. Rejects with `POLYLOG_E_INTAKE_FULL` when that would take too long. */
  readonly granted: Promise<void>;
  /** Ends the turn, or the wait for it; does nothing the second time. */
  end(): void;
}

export interface ReadingTurns {
  /**
   * @param onOverrun called with `POLYLOG_E_BAD_REQUEST` when the turn has lasted too long; it is over then
   * @param sender its address: those who wait get their turns in turn, and no sender can fill all the places
   */
  take(onOverrun: (error: PolylogError) => void, sender?: string): Turn;
  /** True when a turn would be granted at once. */
  readonly isFree: boolean;
}

/**
 * Lets only so many messages arrive at a time, senders in turn and each in the order of asking: a bound of memory where nobody can say
 * beforehand how long a message will be.
 *
 * @example
 * const turn = turns.take(refuse);
 * turn.granted.then(read, refuse);
 * onEnd(() => turn.end());
 */
export function createReadingTurns({ turns, waiting, patience, duration }: ReadingLimits): ReadingTurns {
  /** By sender; the one whose turn it is stands first. */
  const queue = new Map<string, Set<() => void>>();
  const places = createShares(waiting);
  let free = turns;

  function take(onOverrun: (error: PolylogError) => void, sender = ""): Turn {
    let timer: NodeJS.Timeout | undefined;
    let giveUp = (): void => {};
    const granted = new Promise<void>((resolve, reject) => {
      const begin = (): void => {
        clearTimeout(timer);
        free--;
        giveUp = () => {
          free++;
          next();
        };
        timer = setTimeout(() => {
          end();
          onOverrun(overrun(duration));
        }, duration).unref();
        resolve();
      };
      if (free > 0) return begin();
      if (!places.take(sender, 1)) return reject(full());
      const own = queue.get(sender) ?? new Set();
      queue.set(sender, own.add(begin));
      giveUp = () => leaveQueue(sender, begin);
      timer = setTimeout(() => {
        end();
        reject(full());
      }, patience).unref();
    });

    function end(): void {
      clearTimeout(timer);
      const leave = giveUp;
      giveUp = () => {};
      leave();
    }
    return { granted, end };
  }

  function leaveQueue(sender: string, begin: () => void): void {
    const own = queue.get(sender);
    if (!own?.delete(begin)) return;
    if (own.size === 0) queue.delete(sender);
    places.give(sender, 1);
  }

  function next(): void {
    const [first] = queue;
    if (first === undefined) return;
    const [sender, own] = first;
    const [begin] = own;
    if (begin === undefined) return;
    leaveQueue(sender, begin);
    // The next turn is another's.
    if (queue.delete(sender)) queue.set(sender, own);
    begin();
  }

  return {
    take,
    get isFree() {
      return free > 0;
    },
  };
}

function full(): PolylogError {
  return new PolylogError("POLYLOG_E_INTAKE_FULL", "Too many messages at once", {
    remedy: "Send again in a second.",
    retryAfterSeconds: 1,
  });
}

function overrun(duration: number): PolylogError {
  return new PolylogError(
    "POLYLOG_E_BAD_REQUEST",
    `The message did not arrive within ${duration / 1000} seconds`,
    { remedy: "Send smaller batches." },
  );
}
