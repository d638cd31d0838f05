import type { ClickHouseClient } from "@clickhouse/client";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import type { Records } from "../record/encoded-records.ts";
import { ALL_STORED, type Intake, type Stored, type WriteOptions } from "../record/intake.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";
import { startReplay } from "../spool/replay.ts";
import type { Spool } from "../spool/spool.ts";
import type { Encoder } from "../store/encode/encoder.ts";
import { createLogEncoder } from "../store/encode/logs.ts";
import { createSpanEncoder } from "../store/encode/spans.ts";
import { createIdSource } from "../store/id.ts";
import { insertNative } from "../store/insert.ts";
import type { InsertPath } from "../store/insert-paths.ts";
import { createCommitter } from "./committer.ts";
import { createLane, type Lane } from "./lane.ts";
import { createOutlet } from "./outlet.ts";
import { createPatience } from "./patience.ts";
import { spreadOver } from "./spread.ts";
import {
  type BatcherStatistics,
  countInsert,
  createTableStatistics,
  type TableStatistics,
} from "./statistics.ts";

export interface BatcherLimits {
  /**
   * Bytes of requests that may wait or be under way. A single larger request is taken when nothing else is there,
   * or it could never be.
   */
  readonly maxBytes: number;
  /** Milliseconds after which a request is given up while the store is away. @defaultValue 30,000 */
  readonly patience?: number;
}

export interface BatcherOptions {
  /** May be away for a while: what fails for that is tried again. */
  readonly client: ClickHouseClient;
  /** Ways for inserts, each with an insert a table under way. @defaultValue one, by the client */
  readonly paths?: readonly InsertPath[];
  /** This server's number among those that write to the store. @defaultValue 0 */
  readonly server?: () => number;
  readonly log: Logger;
  readonly limits: BatcherLimits;
  /** Milliseconds since 1970. @defaultValue `Date.now` */
  readonly clock?: () => number;
  /** Takes batches on disk while the store is away or slow. The batcher closes it. Without it senders wait. */
  readonly spool?: {
    readonly spool: Spool;
    /** Receivers whose records go to the disk in any case, as nobody would send them again. */
    readonly first: ReadonlySet<string>;
  };
}

/** What became visible to queries. */
interface Commit {
  readonly table: "otel_logs" | "otel_traces";
  readonly rows: number;
}

interface SourcedWriteOptions extends WriteOptions {
  /** Whose records they are: sources take turns in the queue. @defaultValue the receiver */
  readonly source?: string;
}

/** Gathers records into inserts. Its promises resolve when their records are committed. */
export interface Batcher extends Intake {
  writeLogs(
    records: Records<LogRecord>,
    bytes: number,
    receiver: string,
    options?: SourcedWriteOptions,
  ): Promise<Stored>;
  writeSpans(
    records: Records<SpanRecord>,
    bytes: number,
    receiver: string,
    options?: SourcedWriteOptions,
  ): Promise<Stored>;
  /** Calls back after each commit, until the returned function is called. */
  onCommit(listener: (commit: Commit) => void): () => void;
  statistics(): BatcherStatistics;
  /**
   * To be called at the first step of a stop, when there are still senders to be waited for.
   *
   * @param patience milliseconds for which what is under way, and what comes, is tried when the store is away
   */
  hurry(patience: number): void;
  /**
   * Takes no more, and resolves when everything that was taken is settled.
   *
   * @param patience milliseconds for which what is left is tried when the store is away
   */
  stop(patience?: number): Promise<void>;
}

const DEFAULT_PATIENCE = 30_000;
const STOP_PATIENCE = 5_000;

/**
 * Creates a batcher. Requests that come while an insert runs go together into the next one, so that a lone request
 * is not delayed and many share the fixed cost of an insert. One insert a table and path runs at a time: with one
 * path, ids become visible in ascending order.
 *
 * @example
 * const batcher = createBatcher({ client: engine.client, log, limits: { maxBytes: 256 << 20 } });
 * await batcher.writeLogs(records, bytes, "jsonl"); // committed
 * await batcher.stop();
 */
export function createBatcher(options: BatcherOptions): Batcher {
  const { client, log, limits, server, clock = Date.now } = options;
  const paths = options.paths ?? [pathOf(client)];
  const listeners = new Set<(commit: Commit) => void>();
  const statistics = { logs: createTableStatistics(), spans: createTableStatistics() };
  const patience = createPatience(limits.patience ?? DEFAULT_PATIENCE);
  let isStopping = false;
  let queuedBytes = 0;
  /** Those of requests that came when there was room for them. */
  let admittedBytes = 0;
  let queuedRequests = 0;
  let turnedAway = 0;

  const replay =
    options.spool &&
    startReplay({
      ...{ client, log, spool: options.spool.spool },
      onStored({ table, rows, block }, milliseconds) {
        const bytes = block.reduce((sum, part) => sum + part.length, 0);
        countInsert(table === "otel_logs" ? statistics.logs : statistics.spans, rows, bytes, milliseconds);
        announce({ table: table === "otel_logs" ? table : "otel_traces", rows });
      },
    });
  const outlet =
    options.spool &&
    replay &&
    createOutlet({ log, replay, spool: options.spool.spool, first: options.spool.first });

  const logs = laneOf(createLogEncoder, "otel_logs", statistics.logs);
  const spans = laneOf(createSpanEncoder, "otel_traces", statistics.spans);

  function laneOf<T>(
    createEncoder: () => Encoder<T>,
    table: Commit["table"],
    counts: TableStatistics,
  ): Lane<T> {
    const ids = createIdSource(clock, server);
    const onCommit = (rows: number): void => announce({ table, rows });
    const lanes = paths.map((path) => {
      const committer = createCommitter<T>({
        ...{ client, path, log, ids, statistics: counts, onCommit, outlet },
      });
      return createLane({ createEncoder, committer, patience, clock });
    });
    return spreadOver(lanes, paths);
  }

  function announce(commit: Commit): void {
    for (const listener of listeners) {
      try {
        listener(commit);
      } catch (error) {
        // The records are stored: whoever listens can't undo that for their sender.
        log.error("a listener to commits failed", { error });
      }
    }
  }

  async function write<T>(
    lane: Lane<T>,
    records: Records<T>,
    bytes: number,
    receiver: string,
    options?: SourcedWriteOptions,
  ): Promise<Stored> {
    if (isStopping) throw stopping();
    if (records.length === 0) return ALL_STORED;
    const source = options?.source ?? receiver;
    const admitted = options?.isUnderWay ? 0 : bytes;
    if (admitted > 0 && admittedBytes > 0 && admittedBytes + admitted > limits.maxBytes) {
      turnedAway++;
      throw full(retryAfterSeconds());
    }
    queuedBytes += bytes;
    admittedBytes += admitted;
    queuedRequests++;
    try {
      return await new Promise<Stored>((resolve, reject) => {
        lane.add({ records, bytes, receiver, source, since: performance.now(), refused: 0, resolve, reject });
      });
    } finally {
      queuedBytes -= bytes;
      admittedBytes -= admitted;
      queuedRequests--;
    }
  }

  /** About as long as what is queued will take, judged by the inserts so far. */
  function retryAfterSeconds(): number {
    const { logs, spans } = statistics;
    const bytesAMillisecond = (logs.bytes + spans.bytes) / (logs.insertMs + spans.insertMs) || 10_000;
    return Math.min(30, Math.max(1, Math.ceil(queuedBytes / bytesAMillisecond / 1000)));
  }

  return {
    writeLogs: (records, bytes, receiver, options) => write(logs, records, bytes, receiver, options),
    writeSpans: (records, bytes, receiver, options) => write(spans, records, bytes, receiver, options),
    onCommit(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    statistics: () => ({ queuedBytes, queuedRequests, turnedAway, ...structuredClone(statistics) }),
    hurry: patience.shorten,
    async stop(drainPatience = STOP_PATIENCE) {
      isStopping = true;
      patience.shorten(drainPatience);
      await Promise.all([logs.drain(), spans.drain()]);
      // What is on disk waits for the next start.
      await replay?.stop();
      await options.spool?.spool.close();
    },
  };
}

function pathOf(client: ClickHouseClient): InsertPath {
  return { insert: (insert) => insertNative(client, insert), isStuck: () => false };
}

function full(retryAfterSeconds: number): PolylogError {
  return new PolylogError("POLYLOG_E_INTAKE_FULL", "Records come in faster than they can be stored.", {
    retryAfterSeconds,
    remedy: "Send the same again after the time given.",
  });
}

function stopping(): PolylogError {
  return new PolylogError("POLYLOG_E_STOPPING", "The server is stopping.", {
    retryAfterSeconds: 5,
    remedy: "Send the same again once it is back.",
  });
}
