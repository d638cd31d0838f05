import type { CapturedContext } from "./inlet.ts";

/** Contexts that native code has in hand at once. */
const MOST = 100_000;
/** How many numbers a reader has of its own: more than it may need at once. */
const NUMBERS = 2 ** 17;
/** How many readers there can be, until numbers come again. */
const READERS = 2 ** 15;

/** Contexts that native code was given numbers of, until it gives them back. */
export interface CapturedContexts {
  /** 0 when nothing is active, or too much is in hand. */
  add(captured: CapturedContext): number;
  /** `undefined` for one of another reader. */
  get(number: number): CapturedContext | undefined;
  /** The same, in a native span of these ids. What comes next is mostly in the same one. */
  within(number: number, spanHigh: number, spanLow: number): CapturedContext | undefined;
  delete(number: number): void;
}

interface Within {
  readonly outside: CapturedContext;
  readonly high: number;
  readonly low: number;
  readonly inside: CapturedContext;
}

/**
 * @param reader number of the thread that reads. Native records can come to another reader than the one who captured their
 *   context, when a thread ends or main comes late: its number isn't one of theirs, so that such a context is unknown, not
 *   taken for one of the other's.
 */
export function createCapturedContexts(reader: number): CapturedContexts {
  const held = new Map<number, CapturedContext>();
  const base = (reader % READERS) * NUMBERS;
  let last = 0;
  let lastWithin: Within | undefined;
  return {
    add(captured) {
      if (captured.context === undefined && captured.trace === undefined) return 0;
      if (held.size >= MOST) return 0;
      // One that is held for long is still there when numbers come again. 0 says that there is none.
      do last = (last % (NUMBERS - 1)) + 1;
      while (held.has(base + last));
      held.set(base + last, captured);
      return base + last;
    },
    get: (number) => held.get(number),
    within(number, high, low) {
      const outside = held.get(number);
      if (outside?.trace === undefined) return outside;
      if (lastWithin?.outside !== outside || lastWithin.low !== low || lastWithin.high !== high) {
        const inside = { ...outside, trace: { ...outside.trace, spanId: spanIdOf(high, low) } };
        lastWithin = { outside, high, low, inside };
      }
      return lastWithin.inside;
    },
    delete: (number) => void held.delete(number),
  };
}

const bytes = Buffer.alloc(8);

/** Hot. In lower-case hex, of its two halves. By bytes: `toString(16)` and `padStart` took half of what a span takes here. */
export function spanIdOf(high: number, low: number): string {
  bytes.writeUInt32BE(high, 0);
  bytes.writeUInt32BE(low, 4);
  return bytes.toString("hex");
}
