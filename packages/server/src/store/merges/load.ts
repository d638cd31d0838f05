/**
 * What inserts into a table are like.
 * - `calm`: few, if any.
 * - `steady`: one after the other, each small.
 * - `burst`: large ones without a pause, or so many rows in whatever inserts, that little of the machine is left.
 * - `flood`: a burst that doesn't end.
 */
export type Load = "calm" | "steady" | "burst" | "flood";

/** Inserts and their rows since the start. */
export interface InsertCounts {
  readonly batches: number;
  readonly rows: number;
}

/** Looks that are remembered. */
const LOOKS = 10;
/** Looks by which an end of a burst is noticed. */
const LATEST = 5;
/** So many inserts in all looks together make a stream. */
const STREAM = 10;
/** So many in the latest looks may make a burst: large ones take seconds on a machine that has much else to do. */
const BURST = 2;
/** Rows of an insert in a burst: it gathers what came while the one before it ran. */
const BURST_ROWS = 10_000;
/** Or rows in the latest looks: 50,000 a second. */
const BURST_RATE = 50_000 * LATEST;
/** Inserts after which a burst is a flood, or their rows: half a minute of it. */
const FLOOD: InsertCounts = { batches: 300, rows: 5_000_000 };
/** Of these, what counts no more for each look at something else: so much is merged in a second at the least. */
const MERGED_A_LOOK: InsertCounts = { batches: 10, rows: 100_000 };

/**
 * Tells the load from what was counted at one look after the other, a second apart.
 *
 * @example
 * const load = createLoadMeter();
 * load({ batches: 0, rows: 0 }); // "calm"
 * load({ batches: 3, rows: 120_000 }); // "burst"
 */
export function createLoadMeter(): (counts: InsertCounts) => Load {
  const seen: InsertCounts[] = [];
  /** Inserts of bursts that merges have not caught up with. */
  let left: InsertCounts = { batches: 0, rows: 0 };

  return (now) => {
    const before = seen.at(-1) ?? now;
    seen.push(now);
    if (seen.length > LOOKS + 1) seen.shift();
    const first = seen[0] as InsertCounts;
    const recent = seen[Math.max(0, seen.length - 1 - LATEST)] as InsertCounts;
    const latest = now.batches - recent.batches;
    if (latest >= BURST && now.rows - recent.rows >= Math.min(latest * BURST_ROWS, BURST_RATE)) {
      left = {
        batches: left.batches + now.batches - before.batches,
        rows: left.rows + now.rows - before.rows,
      };
      return left.batches > FLOOD.batches || left.rows > FLOOD.rows ? "flood" : "burst";
    }
    left = {
      batches: Math.max(0, left.batches - MERGED_A_LOOK.batches),
      rows: Math.max(0, left.rows - MERGED_A_LOOK.rows),
    };
    return now.batches - first.batches >= STREAM && latest > 0 ? "steady" : "calm";
  };
}
