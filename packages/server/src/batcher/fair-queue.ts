/** What waits for its turn. */
export interface Queued {
  readonly bytes: number;
  /** Whose it is. */
  readonly source: string;
}

/** Requests in an order in which no source can starve another. */
export interface FairQueue<Item extends Queued> {
  readonly length: number;
  push(item: Item): void;
  /** The next one, which stays. */
  peek(): Item | undefined;
  /** Takes the next one away. */
  shift(): Item | undefined;
}

interface Source<Item> {
  readonly waiting: (Item | undefined)[];
  /** Where `waiting` begins, as taking from the front of a long list would copy it; before it is nothing. */
  taken: number;
  /** The virtual time at which the last of its requests ends. */
  end: number;
  /** The virtual time at which the next one starts. */
  start: number;
}

/** Beyond this count, sources that wait for nothing are forgotten, with what they had more than others lately. */
const IDLE_SOURCES = 256;
/** Items that were taken are cut off a list by so many. */
const CUT = 64;

/**
 * Start-time fair queueing (Goyal, Vin, Cheng 1996): each source is served as if it had a line of its own of the same
 * width. One that has waited for nothing gets its turn at once, behind what is under way; what it did not use is not
 * saved up. Within a source the order is that of arrival. Alone, a source gets everything.
 *
 * @example
 * const queue = createFairQueue<{ bytes: number; source: string }>();
 * for (let i = 0; i < 1000; i++) queue.push({ bytes: 1e6, source: "flood" });
 * queue.shift(); // flood's
 * queue.push({ bytes: 100, source: "quiet" });
 * queue.shift(); // quiet's
 */
export function createFairQueue<Item extends Queued>(): FairQueue<Item> {
  const sources = new Map<string, Source<Item>>();
  let length = 0;
  /** Sources that wait for something. */
  let active = 0;
  /** The start of what was served last. */
  let now = 0;

  function next(): Source<Item> | undefined {
    let first: Source<Item> | undefined;
    for (const source of sources.values()) {
      if (source.taken === source.waiting.length) continue;
      if (first === undefined || source.start < first.start) first = source;
    }
    return first;
  }

  function forgetIdle(): void {
    if (length === 0) {
      sources.clear();
      now = 0;
    } else if (sources.size - active > IDLE_SOURCES) {
      for (const [name, source] of sources) {
        if (source.taken === source.waiting.length) sources.delete(name);
      }
    }
  }

  return {
    get length() {
      return length;
    },
    push(item) {
      let source = sources.get(item.source);
      if (source === undefined) {
        source = { waiting: [], taken: 0, end: now, start: now };
        sources.set(item.source, source);
      }
      if (source.taken === source.waiting.length) {
        source.start = Math.max(now, source.end);
        active++;
      }
      source.waiting.push(item);
      length++;
    },
    peek() {
      const source = next();
      return source?.waiting[source.taken];
    },
    shift() {
      const source = next();
      const item = source?.waiting[source.taken];
      if (source === undefined || item === undefined) return undefined;
      now = source.start;
      // An empty request costs something, too.
      source.end = source.start + Math.max(1, item.bytes);
      source.start = source.end;
      source.waiting[source.taken++] = undefined;
      if (source.taken === source.waiting.length) active--;
      if (source.taken >= CUT) {
        source.waiting.splice(0, source.taken);
        source.taken = 0;
      }
      length--;
      forgetIdle();
      return item;
    },
  };
}
