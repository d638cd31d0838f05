import { setTimeout as delay, setImmediate as nextTurn } from "node:timers/promises";
import type { Committer } from "./committer.ts";
import { createPace } from "./pace.ts";
import type { Patience } from "./patience.ts";
import { settle, type WriteRequest } from "./request.ts";

export interface LaneOptions<T> {
  readonly committer: Committer<T>;
  /** For how long a request is tried after it came, while the store is away. */
  readonly patience: Patience;
}

/** The requests for one table. While one batch is stored, the next one gathers. */
export interface Lane<T> {
  add(request: WriteRequest<T>): void;
  /** Resolves when everything that was added is settled. */
  drain(): Promise<void>;
}

/** A batch takes no more requests beyond these. A single larger request is a batch of its own. */
const MAX_ROWS = 50_000;
const MAX_BYTES = 32 << 20;
/** From here on a batch is worth an insert at once. */
const FULL_ROWS = 10_000;

export function createLane<T>({ committer, patience }: LaneOptions<T>): Lane<T> {
  let waiting: WriteRequest<T>[] = [];
  let waitingRows = 0;
  let working: Promise<void> | undefined;
  const pace = createPace();

  async function work(): Promise<void> {
    // Requests of this same turn join the first batch.
    await nextTurn();
    while (waiting.length > 0) {
      if (waitingRows < FULL_ROWS) {
        const pause = pace.take(performance.now());
        if (pause > 0) await delay(pause);
      }
      await store(takeBatch());
    }
    working = undefined;
  }

  function takeBatch(): readonly WriteRequest<T>[] {
    let rows = 0;
    let bytes = 0;
    let count = 0;
    for (const request of waiting) {
      if (count > 0 && (rows + request.records.length > MAX_ROWS || bytes + request.bytes > MAX_BYTES)) break;
      rows += request.records.length;
      bytes += request.bytes;
      count++;
    }
    const batch = waiting.slice(0, count);
    waiting = waiting.slice(count);
    waitingRows -= rows;
    return batch;
  }

  async function store(batch: readonly WriteRequest<T>[]): Promise<void> {
    const oldest = batch[0]?.since ?? 0;
    const parts = batch.map((request) => ({
      request,
      records: request.records,
      receiver: request.receiver,
    }));
    const deadline = patience.deadline(oldest);
    const failure = await committer.commit(parts, deadline).finally(deadline.release);
    for (const request of batch) {
      if (failure === undefined) settle(request);
      else request.reject(failure);
    }
  }

  return {
    add(request) {
      waiting.push(request);
      waitingRows += request.records.length;
      working ??= work();
    },
    async drain() {
      while (working !== undefined) await working;
    },
  };
}
