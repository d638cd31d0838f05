import { setImmediate as nextTurn } from "node:timers/promises";
import { isEncoded } from "../record/encoded-records.ts";
import { type Encoder, encodeSliced } from "../store/encode/encoder.ts";
import { adoptRows, type Batch, createBatch, endOf } from "./batch.ts";
import type { Committer } from "./committer.ts";
import { createFairQueue } from "./fair-queue.ts";
import { createPace, type Pace } from "./pace.ts";
import type { Patience } from "./patience.ts";
import type { WriteRequest } from "./request.ts";

export interface LaneOptions<T> {
  readonly createEncoder: () => Encoder<T>;
  readonly committer: Committer<T>;
  /** For how long a request is tried after it came, while the store is away. */
  readonly patience: Patience;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
  readonly pace?: Pace;
}

/** The requests for one table. While one batch is stored, the next one is encoded. */
export interface Lane<T> {
  add(request: WriteRequest<T>): void;
  /** Resolves when everything that was added is settled. */
  drain(): Promise<void>;
}

/** A batch takes no more requests beyond these. A single larger request is a batch of its own. */
const MAX_ROWS = 100_000;
const MAX_BYTES = 48 << 20;
/** From here on a batch is worth an insert at once. */
const FULL_ROWS = 10_000;
/** The buffers of a batch larger than this are given back when nothing follows it. In bytes. */
const KEEP = 8 << 20;
/** And of one that no usual batch comes up to in any case. */
const KEEP_BUSY = 2 * MAX_BYTES;

/**
 * Records are encoded as soon as they come, so that they die young and what waits for an insert is bytes.
 */
export function createLane<T>(options: LaneOptions<T>): Lane<T> {
  const { createEncoder, committer, patience, clock, pace = createPace() } = options;
  const waiting = createFairQueue<WriteRequest<T>>();
  let open: Batch<T> = createBatch(createEncoder());
  let spare: Encoder<T> | undefined;
  let filling: Promise<void> | undefined;
  let storing: Promise<void> | undefined;
  /** True while a batch is about to be closed: nothing more is encoded into it. */
  let isClosing = false;
  /** Ends the pause before an insert. */
  let endPause: (() => void) | undefined;

  /** Encodes what waits into the open batch, as long as it has room. */
  function startFilling(): void {
    if (filling !== undefined) return;
    filling = fill()?.finally(() => {
      filling = undefined;
      // What came between the last look and now.
      startFilling();
    });
  }

  /** Hot path. A promise comes only of what takes long. */
  function fill(): Promise<void> | undefined {
    while (canTake()) {
      const taking = takeIn(open, waiting.shift() as WriteRequest<T>);
      if (taking !== undefined) return goOn(taking);
      startStoring();
    }
    return undefined;
  }

  async function goOn(taking: Promise<void>): Promise<void> {
    await taking;
    startStoring();
    await fill();
  }

  function startStoring(): void {
    storing ??= store();
    if (endPause !== undefined && pauseLeft() === 0) endPause();
  }

  function takeIn(batch: Batch<T>, request: WriteRequest<T>): Promise<void> | undefined {
    const { records, receiver } = request;
    if (isEncoded(records)) {
      adoptRows(batch, createEncoder, request, records.encoded);
      if (records.refused > 0) committer.refuse(request, new Error(records.refusal), records.refused);
      return undefined;
    }
    const { own, members } = batch;
    const from = own.rows;
    const encoding = encodeSliced(own, { records, receiver }, clock(), (error, count) =>
      committer.refuse(request, error, count),
    );
    const add = (): void => {
      members.push({ request, piece: own, from, to: own.rows });
    };
    if (encoding !== undefined) return encoding.then(add);
    add();
    return undefined;
  }

  /** Whether something waits that the open batch has room for. */
  function canTake(): boolean {
    const next = waiting.peek();
    if (next === undefined || isClosing) return false;
    const { members, rows } = open;
    if (members.length === 0) return true;
    return rows.rows + next.records.length <= MAX_ROWS && rows.bytes + next.bytes <= MAX_BYTES;
  }

  async function store(): Promise<void> {
    // Requests of this same turn join the first batch.
    await nextTurn();
    while (open.members.length > 0) {
      await passPause();
      const batch = await close();
      await commit(batch);
      recycle(batch.own);
    }
    storing = undefined;
  }

  /** Milliseconds until the open batch may go, as it is now. */
  function pauseLeft(): number {
    const { rows, members } = open;
    return rows.rows < FULL_ROWS ? pace.pause(performance.now(), members.length) : 0;
  }

  /** The more requests come meanwhile, the shorter it gets. */
  async function passPause(): Promise<void> {
    for (let left = pauseLeft(); left > 0; left = pauseLeft()) {
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, left);
        endPause = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      endPause = undefined;
    }
    if (open.rows.rows < FULL_ROWS) pace.count(performance.now(), open.members.length);
  }

  /** Takes the open batch away, with the request that is being encoded, and opens the next one. */
  async function close(): Promise<Batch<T>> {
    isClosing = true;
    await filling;
    const batch = open;
    open = createBatch(spare ?? createEncoder());
    spare = undefined;
    isClosing = false;
    startFilling();
    return batch;
  }

  async function commit(batch: Batch<T>): Promise<void> {
    // Sources take turns: the first one in the batch is not always the one that came first.
    const oldest = batch.members.reduce((least, { request }) => Math.min(least, request.since), Infinity);
    const deadline = patience.deadline(oldest);
    const failure = await committer.commit(batch, deadline).finally(deadline.release);
    for (const member of batch.members) {
      const { request } = member;
      if (failure === undefined || endOf(batch, member) <= failure.from) {
        request.resolve({ refused: request.refused });
      } else request.reject(failure.error);
    }
  }

  function recycle(encoder: Encoder<T>): void {
    const isIdle = open.members.length === 0 && waiting.length === 0;
    if (encoder.bytes > (isIdle ? KEEP : KEEP_BUSY)) return;
    encoder.reset();
    spare = encoder;
  }

  return {
    add(request) {
      waiting.push(request);
      startFilling();
    },
    async drain() {
      while (filling !== undefined || storing !== undefined) await (filling ?? storing);
    },
  };
}
