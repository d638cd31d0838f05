import { PolylogError } from "../../errors.ts";

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
  /** @param onOverrun called with `POLYLOG_E_BAD_REQUEST` when the turn has lasted too long; it is over then */
  take(onOverrun: (error: PolylogError) => void): Turn;
}

/**
 * Lets only so many messages arrive at a time, in the order of asking: a bound of memory where nobody can say
 * beforehand how long a message will be.
 *
 * @example
 * const turn = turns.take(refuse);
 * turn.granted.then(read, refuse);
 * onEnd(() => turn.end());
 */
export function createReadingTurns({ turns, waiting, patience, duration }: ReadingLimits): ReadingTurns {
  const queue = new Set<() => void>();
  let free = turns;

  function take(onOverrun: (error: PolylogError) => void): Turn {
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
      if (queue.size >= waiting) return reject(full());
      queue.add(begin);
      giveUp = () => queue.delete(begin);
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

  function next(): void {
    const [begin] = queue;
    if (begin === undefined) return;
    queue.delete(begin);
    begin();
  }

  return { take };
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
