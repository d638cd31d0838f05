import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";
import type { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { type Encoder, encodeSliced } from "../store/encode/encoder.ts";
import type { IdSource } from "../store/id.ts";
import { insertNative } from "../store/insert.ts";
import { EncodeError, kindOfFailure, unavailable } from "./failure.ts";
import type { Deadline } from "./patience.ts";
import { countRecords, halve, type RequestPart } from "./request.ts";
import { countInsert, type TableStatistics } from "./statistics.ts";

export interface CommitterOptions<T> {
  readonly client: ClickHouseClient;
  readonly log: Logger;
  readonly encoder: Encoder<T>;
  readonly ids: IdSource;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly statistics: TableStatistics;
  /** Called after each commit. */
  readonly onCommit: (rows: number) => void;
}

/** Stores batches in one table, one at a time. */
export interface Committer<T> {
  /**
   * Stores what can be stored. What can't be for its content is counted in its request.
   *
   * @param deadline until when to try
   * @returns why the rest is not stored, if so
   */
  commit(parts: readonly RequestPart<T>[], deadline: Deadline): Promise<PolylogError | undefined>;
}

/** Milliseconds before an insert is tried again: doubles from the first to the longest. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 1000;

export function createCommitter<T>(options: CommitterOptions<T>): Committer<T> {
  const { client, log, encoder, ids, clock, statistics, onCommit } = options;
  const { table, columns } = encoder;
  let knowsStoredIds = false;

  async function commit(
    parts: readonly RequestPart<T>[],
    deadline: Deadline,
  ): Promise<PolylogError | undefined> {
    const rows = countRecords(parts);
    const { signal } = deadline;
    const token = randomUUID();
    let block: Buffer | undefined;
    let failure: unknown;
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * 2, LONGEST_PAUSE)) {
      try {
        await passOverStoredIds(signal);
        // The same bytes for each attempt: the engine recognises them by the token.
        block ??= await encode(parts, rows);
        const start = performance.now();
        await insertNative(client, { table, columns, block, token, signal });
        countInsert(statistics, rows, block.length, performance.now() - start);
        onCommit(rows);
        return undefined;
      } catch (error) {
        statistics.failures++;
        // The client's words for an abort say nothing; what went wrong before it does.
        failure = signal.aborted ? (failure ?? signal.reason) : error;
        const kind = kindOfFailure(failure);
        if (kind === "data") return commitHalves(parts, deadline, failure);
        if (performance.now() + pause > deadline.at()) {
          log.warn("a batch could not be stored", { table, rows, error: failure });
          return unavailable(kind, failure);
        }
        log.debug("an insert failed and is tried again", { table, rows, pause, error });
        await delay(pause, undefined, { signal }).catch(() => {});
      }
    }
  }

  /** Keeps the neighbours of a record that can't be stored: both halves are tried apart, down to the record. */
  async function commitHalves(
    parts: readonly RequestPart<T>[],
    deadline: Deadline,
    error: unknown,
  ): Promise<PolylogError | undefined> {
    const [first, second] = halve(parts);
    if (first.length === 0 || second.length === 0) {
      for (const { request } of parts) request.refused++;
      statistics.refusedRecords++;
      log.warn("a record can't be stored", { table, receiver: parts[0]?.receiver, error });
      return undefined;
    }
    return (await commit(first, deadline)) ?? (await commit(second, deadline));
  }

  async function encode(parts: readonly RequestPart<T>[], rows: number): Promise<Buffer> {
    try {
      return await encodeSliced(encoder, parts, { firstId: ids.take(rows), now: clock() });
    } catch (cause) {
      throw new EncodeError("A record can't be encoded.", { cause });
    }
  }

  /** When the clock was put back since the last start, ids go on from the highest one that is stored. */
  async function passOverStoredIds(signal: AbortSignal): Promise<void> {
    if (knowsStoredIds) return;
    const answer = await client.query({
      // The index on Id leaves hardly anything to read, unless there is something to find.
      query: `SELECT toString(max(Id)) AS id FROM ${table} WHERE Id >= {now:UInt64}`,
      query_params: { now: String(ids.take(0)) },
      format: "JSONEachRow",
      abort_signal: signal,
    });
    const [row] = await answer.json<{ id: string }>();
    ids.passOver(BigInt(row?.id ?? 0));
    knowsStoredIds = true;
  }

  return { commit };
}
