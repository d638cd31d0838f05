import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { IdSource } from "../store/id.ts";
import { kindOfFailure, unavailable } from "../store/insert-failure.ts";
import type { InsertPath } from "../store/insert-paths.ts";
import { type Batch, requestOfRow } from "./batch.ts";
import type { Outlet } from "./outlet.ts";
import type { Deadline } from "./patience.ts";
import type { WriteRequest } from "./request.ts";
import { countInsert, type TableStatistics } from "./statistics.ts";

export interface CommitterOptions {
  readonly client: ClickHouseClient;
  readonly path: InsertPath;
  readonly log: Logger;
  readonly ids: IdSource;
  readonly statistics: TableStatistics;
  /** Called after each commit. */
  readonly onCommit: (rows: number) => void;
  /** Where batches go while the store can't take them; undefined when senders wait and come again. */
  readonly outlet: Outlet | undefined;
}

/** The end of trying to store a batch. */
interface Failure {
  readonly error: PolylogError;
  /** The first row that is not stored for sure; all before it are settled. */
  readonly from: number;
}

/** Stores batches in one table, one at a time. */
export interface Committer<T> {
  /**
   * Stores what can be stored. What can't be for its content is counted in its request.
   *
   * @param deadline until when to try
   * @returns what is not stored, if so
   */
  commit(batch: Batch<T>, deadline: Deadline): Promise<Failure | undefined>;
  /** Counts records that can't be stored for what is in them. */
  refuse(request: WriteRequest<T>, error: unknown, count: number): void;
}

/** Milliseconds before an insert is tried again: doubles from the first to the longest. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1000;
/**
 * A larger batch goes in parts, in bytes. The engine needs some times that of memory, and one that it lacks the memory
 * for would stand before all others for ever, once it is acknowledged and on disk.
 */
const MOST_BLOCK = 64 << 20;
/** Milliseconds for a question to a store that may be away. */
const QUESTION_MS = 1000;

const bytesOf = (parts: readonly Uint8Array[]): number => parts.reduce((sum, part) => sum + part.length, 0);

export function createCommitter<T>(options: CommitterOptions): Committer<T> {
  const { client, path, log, ids, statistics, onCommit, outlet } = options;
  let knowsStoredIds = false;

  /** Stores the rows from `from` up to but not including `to`. */
  async function commitRows(
    batch: Batch<T>,
    from: number,
    to: number,
    deadline: Deadline,
  ): Promise<Failure | undefined> {
    const { table, columns } = batch.rows;
    const rows = to - from;
    if (rows === 0) return undefined;
    const { signal } = deadline;
    const token = randomUUID();
    const begun = performance.now();
    let block: readonly Uint8Array[] | undefined;
    let first = 0n;
    let isTried = false;
    let failure: unknown;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        const way = outlet?.wayOf(batch, failure === undefined ? 0 : performance.now() - begun) ?? "store";
        // Without the store there is nothing to be known; what it would say has mattered only when the clock went back.
        if (way === "store") await passOverStoredIds(table, signal);
        else await passOverStoredIds(table, AbortSignal.timeout(QUESTION_MS)).catch(() => {});
        // The same bytes for each attempt: the engine recognises them by the token.
        if (block === undefined) {
          first = ids.take(rows);
          block = batch.rows.block(first, from, to);
        }
        if (rows > 1 && bytesOf(block) > MOST_BLOCK) return commitHalves(batch, from, to, deadline);
        const sealed = { table, columns, block, token };
        if (way !== "store") {
          const refusal = await outlet?.append({ ...sealed, rows, firstId: String(first), isTried });
          if (refusal === undefined) return undefined;
          // Behind others that wait it can't be stored before them.
          if (way === "spool") throw refusal;
        }
        const start = performance.now();
        const triedRows = isTried ? { first, count: rows } : undefined;
        isTried = true;
        await path.insert({ ...sealed, triedRows, signal: outlet?.bounded(signal) ?? signal });
        countInsert(statistics, rows, bytesOf(block), performance.now() - start);
        onCommit(rows);
        return undefined;
      } catch (error) {
        statistics.failures++;
        // The client's words for an abort say nothing; what went wrong before it does.
        failure = signal.aborted ? (failure ?? signal.reason) : error;
        const kind = kindOfFailure(failure);
        if (kind === "data" && rows > 1) return commitHalves(batch, from, to, deadline);
        if (kind === "data") {
          refuse(requestOfRow(batch, from), failure, 1);
          return undefined;
        }
        if (performance.now() + pause > deadline.at()) {
          log.warn("a batch could not be stored", { table, rows, error: failure });
          return { error: failure instanceof PolylogError ? failure : unavailable(kind, failure), from };
        }
        log.debug("an insert failed and is tried again", { table, rows, pause, error });
        await delay(pause, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Both halves are tried apart: down to the record that can't be stored, so that its neighbours are. */
  async function commitHalves(
    batch: Batch<T>,
    from: number,
    to: number,
    deadline: Deadline,
  ): Promise<Failure | undefined> {
    const middle = batch.rows.middle(from, to);
    return (
      (await commitRows(batch, from, middle, deadline)) ?? (await commitRows(batch, middle, to, deadline))
    );
  }

  function refuse(request: WriteRequest<T>, error: unknown, count: number): void {
    request.refused += count;
    statistics.refusedRecords += count;
    log.warn("records can't be stored", { receiver: request.receiver, count, error });
  }

  /** When the clock was put back since the last start, ids go on from the highest one that is stored. */
  async function passOverStoredIds(table: string, signal: AbortSignal): Promise<void> {
    if (knowsStoredIds) return;
    const answer = await client.query({
      // The index on Id leaves hardly anything to read, unless there is something to find.
      query: `SELECT toString(max(Id)) AS id FROM ${table} WHERE Id >= {now:UInt64}`,
      query_params: { now: String(ids.take(0)) },
      format: "JSONEachRow",
      // A node that is away must not keep the others from taking records in.
      clickhouse_settings: { skip_unavailable_shards: 1 },
      abort_signal: signal,
    });
    const [row] = await answer.json<{ id: string }>();
    ids.passOver(BigInt(row?.id ?? 0));
    knowsStoredIds = true;
  }

  return {
    commit: (batch, deadline) => commitRows(batch, 0, batch.rows.rows, deadline),
    refuse,
  };
}
