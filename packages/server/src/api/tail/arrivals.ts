import type { TailRows } from "../../contract/index.ts";
import { ID_EPOCH_SECONDS, idAt } from "../../store/id.ts";
import { isTimeLimit } from "../engine-error.ts";
import type { RecordFilter } from "../filter.ts";
import { logRowOf } from "../log-row.ts";
import type { Ask } from "../question.ts";
import { IN_ORDER } from "../record-settings.ts";
import { searchStatement } from "../search/sql.ts";
import { slowConditionSettings } from "../slow-condition.ts";
import { evenSample } from "./sample.ts";
import { type Arrival, arrivalsStatement, arrivedRowsStatement, furtherArrivalsStatement } from "./sql.ts";

/** Ids that are looked at in one poll; what comes beyond is counted only. */
const MOST_ARRIVALS = 20_000;
/** Above so many in the overlap it isn't looked at again: the stream is sampled then anyway. */
const MOST_SEEN = MOST_ARRIVALS / 2;

/**
 * How far back is looked again at each poll. The ids of one server become visible in order, but another server that
 * writes to the same store may commit later what it numbered earlier, as may one that waits for a node of a cluster.
 */
const OVERLAP_MILLISECONDS = 10_000;
/** The same as a difference of ids. */
const OVERLAP = idAt(ID_EPOCH_SECONDS * 1000 + OVERLAP_MILLISECONDS);

/** The id after which a tail looks that begins at a time, in milliseconds since 1970. */
export function firstId(now: number): bigint {
  return idAt(now - OVERLAP_MILLISECONDS);
}

/** How far back the newest records are looked for that a tail begins with. */
const BACKLOG_WINDOW = 24 * 3_600_000;
/** Milliseconds that this may take: the tail begins only then. */
const BACKLOG_TIMEOUT = 5_000;

/** New rows, and the id after which a later tail goes on. */
export interface Arrived extends TailRows {
  readonly lastId: bigint;
}

/** Follows the records that match by their ids. */
export interface Arrivals {
  /** What is there at the beginning: passed over, but for the newest `count`. */
  begin(count: number, now: number): Promise<Arrived | undefined>;
  /** What has come in since; at most `count` rows, an even sample when more match. */
  poll(count: number): Promise<Arrived | undefined>;
}

/**
 * @param floor the id after which to look, and below which never to look back
 */
export function followArrivals(ask: Ask, filter: RecordFilter, floor: bigint, signal: AbortSignal): Arrivals {
  let last = floor;
  /** Ids within the overlap that were dealt with. */
  let seen = new Set<bigint>();

  /** What came in after `last` or within the overlap and was not dealt with; counts as dealt with from now on. */
  async function look(): Promise<{ readonly arrivals: readonly Arrival[]; readonly isCut: boolean }> {
    const lookBack = seen.size > MOST_SEEN ? last : last - OVERLAP;
    const after = lookBack > floor ? lookBack : floor;
    const statement = arrivalsStatement(after, filter, MOST_ARRIVALS);
    const { rows } = await ask({ ...statement, atLimit: "fail" }, signal);
    const found = (rows as readonly (readonly [string, string])[]).map(([id, timestamp]) => ({
      id: BigInt(id),
      timestamp: BigInt(timestamp),
    }));
    const arrivals = found.filter(({ id }) => !seen.has(id));
    const latest = found.at(-1)?.id;
    if (latest !== undefined && latest > last) last = latest;
    seen = new Set(found.map(({ id }) => id).filter((id) => id > last - OVERLAP));
    return { arrivals, isCut: found.length === MOST_ARRIVALS };
  }

  /** Passes over what lies beyond the ids that were looked at; answers how many. */
  async function passOver(): Promise<number> {
    const { rows } = await ask({ ...furtherArrivalsStatement(last, filter), atLimit: "fail" }, signal);
    const [count, latest] = rows[0] as readonly [string, string];
    if (BigInt(latest) > last) last = BigInt(latest);
    seen.clear();
    return Number(count);
  }

  return {
    async begin(count, now) {
      await look();
      if (count === 0) return undefined;
      const window = { from: now - BACKLOG_WINDOW, to: now + 60_000 };
      const statement = searchStatement(window, filter, { order: "desc", limit: count });
      const settings = { ...IN_ORDER, ...slowConditionSettings(filter) };
      const question = { ...statement, atLimit: "fail", timeout: BACKLOG_TIMEOUT, settings } as const;
      const found = await ask(question, signal).catch((error: unknown) => {
        // A tail without its beginning is better than none.
        if (isTimeLimit(error)) return { rows: [] };
        throw error;
      });
      const rows = found.rows.map(logRowOf).sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
      for (const { id } of rows) {
        if (BigInt(id) > last) last = BigInt(id);
        if (BigInt(id) > last - OVERLAP) seen.add(BigInt(id));
      }
      return rows.length === 0 ? undefined : { rows, matched: rows.length, lastId: last };
    },

    async poll(count) {
      const { arrivals, isCut } = await look();
      if (arrivals.length === 0) return undefined;
      const further = isCut ? await passOver() : 0;
      const sample = evenSample(arrivals, count);
      const { rows } = await ask({ ...arrivedRowsStatement(sample), atLimit: "fail" }, signal);
      return { rows: rows.map(logRowOf), matched: arrivals.length + further, lastId: last };
    },
  };
}
