import { open } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import type { Logger } from "../log.ts";
import { makeLastingDirectory, syncPath } from "../on-disk.ts";
import { insertNative } from "../store/insert.ts";
import { kindOfFailure } from "../store/insert-failure.ts";
import type { SpooledBatch } from "./frame.ts";
import type { Spool } from "./spool.ts";

export interface ReplayOptions {
  readonly spool: Spool;
  readonly client: ClickHouseClient;
  readonly log: Logger;
  /** Where batches go that the engine can't store for what is in them. */
  readonly asideDirectory: string;
  /** Called for each batch that is stored, with the milliseconds that it took. */
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

/**
 * Inserts what is in the spool, oldest first, each batch until it is stored. Its token makes the engine store it once,
 * even if it had it before it was spooled.
 */
export function startReplay({ spool, client, log, asideDirectory, onStored }: ReplayOptions): Replay {
  const stopping = new AbortController();
  let working: Promise<void> | undefined;

  async function work(): Promise<void> {
    let pause = FIRST_PAUSE;
    while (!stopping.signal.aborted) {
      try {
        const batch = await spool.peek();
        if (batch === undefined) return;
        await store(batch);
        await spool.shift();
        pause = FIRST_PAUSE;
      } catch (error) {
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
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(PATIENCE)]);
    const start = performance.now();
    try {
      await insertNative(client, { ...batch, signal });
      onStored(batch, performance.now() - start);
    } catch (error) {
      if (stopping.signal.aborted || kindOfFailure(error) !== "data") throw error;
      await setAside(batch, error);
    }
  }

  /** Its senders were told that it is safe, so it is kept, though nobody can search it. */
  async function setAside({ table, token, rows, block }: SpooledBatch, error: unknown): Promise<void> {
    await makeLastingDirectory(asideDirectory);
    const path = join(asideDirectory, `${table}-${token}.native`);
    const file = await open(path, "w", 0o600);
    try {
      for (const part of block) await file.appendFile(part);
      await file.datasync();
    } finally {
      await file.close();
    }
    await syncPath(asideDirectory);
    log.error("a spooled batch can't be stored for what is in it; it is kept aside", { path, rows, error });
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
