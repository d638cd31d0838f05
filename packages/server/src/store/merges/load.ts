/**
 * What inserts into a table are like.
 * - `calm`: few, if any.
 * - `steady`: one after the other, each small.
 * - `full`: large ones without a pause, as records come in faster than they are stored.
 */
export type Load = "calm" | "steady" | "full";

/** Inserts and their rows since the start. */
export interface InsertCounts {
  readonly batches: number;
  readonly rows: number;
}

/** Looks that are remembered. */
const LOOKS = 10;
/** Looks by which an end of a flood is noticed. */
const LATEST = 5;
/** So many inserts in all looks together make a stream. */
const STREAM = 10;
/** So many in the latest looks may make a flood: large ones take seconds on a machine that has much else to do. */
const FLOOD = 2;
/** Rows of an insert in a flood. */
const FLOOD_ROWS = 10_000;

/**
 * Tells the load from what was counted at one look after the other, a second apart.
 *
 * @example
 * const load = createLoadMeter();
 * load({ batches: 0, rows: 0 }); // "calm"
 * load({ batches: 3, rows: 120_000 }); // "full"
 */
export function createLoadMeter(): (counts: InsertCounts) => Load {
  const seen: InsertCounts[] = [];
  return (now) => {
    seen.push(now);
    if (seen.length > LOOKS + 1) seen.shift();
    const first = seen[0] as InsertCounts;
    const recent = seen[Math.max(0, seen.length - 1 - LATEST)] as InsertCounts;
    const latest = now.batches - recent.batches;
    if (latest >= FLOOD && now.rows - recent.rows >= latest * FLOOD_ROWS) return "full";
    return now.batches - first.batches >= STREAM && latest > 0 ? "steady" : "calm";
  };
}
