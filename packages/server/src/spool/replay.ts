import { setTimeout as delay } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { signalWithin } from "@polylog/engine/signal-within";
import type { Logger } from "../log.ts";
import { ID_STEP } from "../store/id.ts";
import { insertNative, insertRowsOf } from "../store/insert.ts";
import { kindOfFailure } from "../store/insert-failure.ts";
import { rowsOf, type SpooledBatch } from "./frame.ts";
import type { Spool } from "./spool.ts";

export interface ReplayOptions {
  readonly spool: Spool;
  readonly client: ClickHouseClient;
  readonly log: Logger;
  /** Called for each batch, or part of one, that is stored, with the milliseconds that it took. */
  readonly onStored: (batch: SpooledBatch, milliseconds: number) => void;
}

/** Brings what is spooled to the engine. */
export interface Replay {
  /** To be called when something was spooled. */
  wake(): void;
  /** Ends when what is under way is done or given up; the rest waits for the next start. */
  stop(): Promise<void>;
}

/** Milliseconds between two tries: doubles from the first to the longest. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 2_000;
/** Milliseconds that an insert may take. The engine is slow where it takes longer: it is tried again, not more. */
const PATIENCE = 60_000;
/** Inserts of one batch, in halves down to the records that can't be stored: each of them sends all of the batch. */
const MOST_TRIES = 64;

/** Rows of a batch, from one up to but not including another. */
type Range = readonly [from: number, to: number];

/**
 * Inserts what is in the spool, oldest first, each batch until it is stored. Its token makes the engine store it once,
 * even if it had it before it was spooled. What can't be stored for what is in it is kept aside, and all beside it stored.
 */
export function startReplay({ spool, client, log, onStored }: ReplayOptions): Replay {
  const stopping = new AbortController();
  let working: Promise<void> | undefined;
  /** Whether the oldest batch may have been tried already; the first one may have been by an earlier process. */
  let isRepeated = true;

  async function work(): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!stopping.signal.aborted) {
      try {
        const batch = await spool.peek();
        if (batch === undefined) return;
        await store(batch);
        isRepeated = false;
        await spool.shift();
        pause = FIRST_PAUSE;
      } catch (error) {
        isRepeated = true;
        const isLong = pause < LONGEST_PAUSE && 2 * pause >= LONGEST_PAUSE;
        log[isLong ? "warn" : "debug"]("a spooled batch could not be stored and is tried again", {
          pause,
          error,
        });
        await delay(pause, undefined, { signal: stopping.signal }).catch(() => {});
        pause = Math.min(2 * pause, LONGEST_PAUSE);
      }
    }
  }

  async function store(batch: SpooledBatch): Promise<void> {
    const ranges = batch.only ?? [[0, batch.rows] as const];
    const firstId = isRepeated || batch.isTried === true ? batch.firstId : undefined;
    let tries = MOST_TRIES;
    const left: Range[] = [];

    /** Stores what can be stored of some rows; what can't for what is in it is left. */
    async function storeRows([from, to]: Range): Promise<void> {
      if (tries-- <= 0) {
        left.push([from, to]);
        return;
      }
      const isWhole = to - from === batch.rows;
      const signal = signalWithin(PATIENCE, stopping.signal);
      const token = isWhole ? batch.token : `${batch.token}-${from}-${to}`;
      const triedRows =
        firstId === undefined
          ? undefined
          : { first: BigInt(firstId) + BigInt(from) * ID_STEP, count: to - from };
      const insert = { ...batch, token, triedRows, signal };
      const start = performance.now();
      try {
        if (isWhole) await insertNative(client, insert);
        else await insertRowsOf(client, insert, from, to);
        const stored = isWhole ? batch : { ...batch, rows: to - from, block: [] };
        onStored(stored, performance.now() - start);
      } catch (error) {
        if (stopping.signal.aborted || kindOfFailure(error) !== "data") throw error;
        const middle = (from + to) >> 1;
        if (to - from === 1) {
          left.push([from, to]);
          log.debug("a spooled record can't be stored for what is in it", { error });
        } else {
          await storeRows([from, middle]);
          await storeRows([middle, to]);
        }
      }
    }

    for (const range of ranges) await storeRows(range);
    if (left.length === 0) return;
    const aside = { ...batch, only: left };
    const path = await spool.setAside(aside);
    log.error("records that were acknowledged can't be stored for what is in them; they are kept aside", {
      path,
      records: rowsOf(aside),
    });
  }

  function wake(): void {
    if (working !== undefined || stopping.signal.aborted) return;
    working = work().finally(() => {
      working = undefined;
      if (!spool.isEmpty) wake();
    });
  }

  wake();
  return {
    wake,
    async stop() {
      stopping.abort();
      await working;
    },
  };
}
