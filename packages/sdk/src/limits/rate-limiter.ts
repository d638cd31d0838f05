import type { Level } from "../logger/level.ts";

/** How many of each message's records are let through. */
export interface RateLimit {
  /** Records of one logger, level and message a second; those beyond it are counted and summed up in a record. */
  readonly perSecond: number;
}

/** Stands for records that were held back; a record itself. */
export interface HeldBack {
  readonly logger: string;
  readonly level: Level;
  /** @example "card declined … 123 more like this in 1 s" */
  readonly message: string;
  readonly metadata: { readonly heldBack: number };
}

/** Lets so many records of a kind through in a second, and says how many it held back. */
export interface RateLimiter {
  /** Hot. True for a record that may pass. Records are of a kind when logger, level and message are the same. */
  admit(logger: string, level: Level, message: string): boolean;
  /** Sums of the seconds that are over; each is given out once. To be asked for now and then. */
  due(): readonly HeldBack[];
  /** All sums, of seconds that go on too, so far; what may be the end must not lose them. */
  rest(): readonly HeldBack[];
}

/** Milliseconds of a window. */
const WINDOW = 1_000;
/** Kinds that are watched at once; beyond it the one that is watched longest is let go. */
const MOST_KINDS = 10_000;
/** Characters of a message that tell its kind; messages may be huge, and there may be many. */
const MOST_MESSAGE = 200;

const NONE: readonly HeldBack[] = [];

interface Kind {
  readonly logger: string;
  readonly level: Level;
  readonly message: string;
  since: number;
  seen: number;
  /** Held back and given out in a sum. */
  told: number;
}

/** @param now milliseconds of a clock that never goes back */
export function createRateLimiter(
  { perSecond }: RateLimit,
  now: () => number = () => performance.now(),
): RateLimiter {
  /** By key; in the order in which their windows began. */
  const kinds = new Map<string, Kind>();
  let over: HeldBack[] = [];

  function end(key: string, kind: Kind): void {
    kinds.delete(key);
    sumUp(kind);
  }

  function sumUp(kind: Kind): void {
    const heldBack = kind.seen - perSecond - kind.told;
    if (heldBack <= 0) return;
    kind.told += heldBack;
    // Nobody asks: the oldest sum goes, the memory stays.
    if (over.length >= MOST_KINDS) over.shift();
    over.push({
      logger: kind.logger,
      level: kind.level,
      message: `${kind.message} … ${heldBack} more like this in 1 s`,
      metadata: { heldBack },
    });
  }

  /** Ends the windows that are over, or the first ones if there are too many. */
  function sweep(time: number, most: number): void {
    for (const [key, kind] of kinds) {
      if (time - kind.since < WINDOW && kinds.size <= most) break;
      end(key, kind);
    }
  }

  function taken(): readonly HeldBack[] {
    // Asked at each record, and mostly for nothing.
    if (over.length === 0) return NONE;
    const all = over;
    over = [];
    return all;
  }

  return {
    admit(logger, level, message) {
      const cut = message.length > MOST_MESSAGE ? message.slice(0, MOST_MESSAGE) : message;
      const key = keyOf(logger, level, cut);
      const time = now();
      let kind = kinds.get(key);
      if (kind !== undefined && time - kind.since >= WINDOW) {
        end(key, kind);
        kind = undefined;
      }
      if (kind === undefined) {
        if (kinds.size >= MOST_KINDS) sweep(time, MOST_KINDS - 1);
        const kept = cut === message ? message : copied(cut);
        kind = { logger, level, message: kept, since: time, seen: 0, told: 0 };
        kinds.set(keyOf(logger, level, kept), kind);
      }
      return ++kind.seen <= perSecond;
    },
    due() {
      sweep(now(), MOST_KINDS);
      return taken();
    },
    rest() {
      for (const kind of kinds.values()) sumUp(kind);
      return taken();
    },
  };
}

function keyOf(logger: string, level: Level, message: string): string {
  return `${level} ${logger} ${message}`;
}

/** A part of a string keeps all of it alive in V8; a copy doesn't. JSON gives back even halves of surrogate pairs. */
function copied(part: string): string {
  return JSON.parse(JSON.stringify(part)) as string;
}
