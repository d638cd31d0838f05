import { signalWithin } from "@polylog/engine/signal-within";
import type { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { SpooledBatch } from "../spool/frame.ts";
import type { Replay } from "../spool/replay.ts";
import type { Spool } from "../spool/spool.ts";
import type { Batch } from "./batch.ts";

/**
 * Where a batch goes.
 * - `store`: into the engine.
 * - `spool`: onto the disk, and nowhere else: others wait there, and they come first.
 * - `either`: onto the disk, or into the engine when the disk has no room.
 */
type Way = "store" | "spool" | "either";

/** The way out when the store can't take a batch: onto the disk, from where it is stored later. */
export interface Outlet {
  /** @param failing milliseconds for which the store has not taken this batch; 0 before the first failure */
  wayOf(batch: Batch<unknown>, failing: number): Way;
  /** Resolves when the batch is on disk for good; with why it isn't, if so. */
  append(batch: SpooledBatch): Promise<PolylogError | undefined>;
  /** Ends as `signal` does, or when an insert has taken so long that the disk is the better place. */
  bounded(signal: AbortSignal): AbortSignal;
}

/**
 * Milliseconds after which a store that fails is away. The embedded engine is back within half a second after it died;
 * that is worth waiting for, as what is on disk is not found by questions.
 */
const AWAY_MS = 1_500;
/**
 * Milliseconds after which an insert is given up on. A healthy one takes less than one second at the worst. Whatever
 * becomes of it, the batch is stored once: it keeps its token.
 */
const SLOW_MS = 5_000;

export interface OutletOptions {
  readonly spool: Spool;
  readonly replay: Replay;
  /** Receivers whose batches go to the disk in any case. */
  readonly first: ReadonlySet<string>;
  readonly log: Logger;
}

export function createOutlet({ spool, replay, first, log }: OutletOptions): Outlet {
  let isAway = false;
  /** Whether somebody was told that records are on disk. */
  let isTold = false;
  const isFirst = ({ members }: Batch<unknown>): boolean =>
    first.size > 0 && members.some(({ request }) => first.has(request.receiver));

  return {
    wayOf(batch, failing) {
      if (!spool.isEmpty) return "spool";
      if (isTold) log.info("the store is back, and what was kept on disk is stored");
      isTold = false;
      isAway = failing >= AWAY_MS;
      return isAway || isFirst(batch) ? "either" : "store";
    },
    async append(batch) {
      try {
        await spool.append(batch);
      } catch (error) {
        return error as PolylogError;
      } finally {
        replay.wake();
      }
      if (isAway && !isTold) log.warn("the store is away or slow: records are kept on disk until it is back");
      isTold ||= isAway;
      return undefined;
    },
    bounded: (signal) => signalWithin(SLOW_MS, signal),
  };
}
