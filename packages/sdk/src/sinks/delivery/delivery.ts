import type { Problems } from "../../problems.ts";
import { backoff } from "./backoff.ts";
import { type Answer, type PostRequest, post, type Verdict } from "./post.ts";
import { postAtExit } from "./post-at-exit.ts";

/** How a kind of sink words its requests and reads the answers. */
export interface Protocol<Item> {
  encode(items: readonly Item[]): PostRequest;
  judge(answer: Answer): Verdict;
  /** Characters that an item takes; the queue is bounded by them too. */
  sizeOf(item: Item): number;
}

/** Settings of delivery over HTTP that all its sinks share. Times are in milliseconds. */
export interface DeliverySettings {
  /** Records that may wait; beyond it the oldest are dropped and counted. */
  readonly maxQueueSize: number;
  /** Records in a request. */
  readonly maxBatchSize: number;
  /** How long a record waits for others to go with it; 0 for not at all. */
  readonly flushInterval: number;
  /** Further tries of a request that failed in a way that may pass. */
  readonly retries: number;
  /** How long an answer may take. */
  readonly timeout: number;
  /** How long `flush` and `close` wait for a server that doesn't take anything. */
  readonly flushTimeout: number;
  /** How long the end of the process may be held up for what has not been sent; 0 gives it up. */
  readonly exitTimeout: number;
  readonly isCompressed: boolean;
  /** Requests on their way at once. */
  readonly parallel: number;
}

/** What delivery needs of the world; tests bring their own. */
export interface DeliveryWorld {
  readonly fetch: typeof fetch;
  readonly random: () => number;
  readonly problems: Problems;
  /** For deliveries that end together. @defaultValue one of its own, by `exitTimeout` */
  readonly exitTime?: ExitTime;
}

/** How long the end of the process may still be held up. */
interface ExitTime {
  /** Milliseconds; what the server takes while the process lives on gives it back in full. */
  left: number;
}

/** Brings items to a server: in batches, in time, again if need be, and counts what it could not. */
export interface Delivery<Item> {
  push(item: Item): void;
  flush(): Promise<void>;
  flushSync(isEnding?: boolean): void;
  /** @param isReplaced true when the process goes on, and there is time for all further tries */
  close(isReplaced?: boolean): Promise<void>;
  readonly dropped: number;
}

/** Characters of all items that wait; a guard against few but huge ones. */
const MOST_WAITING = 32 * 1024 * 1024;
/** Characters of a request, as far as more than one record is in it. Most servers take 5 MB. */
const MOST_REQUEST = 4 * 1024 * 1024;

/** Items of one request, from when they leave the queue until they are delivered or dropped. */
interface Batch<Item> {
  readonly items: readonly Item[];
  /** Number of its first item among all there ever were. */
  readonly first: number;
  /** Of the try that is under way. */
  abort: AbortController;
}

/** @param name what the delivery is told as in warnings, such as `httpSink` */
export function createDelivery<Item>(
  name: string,
  protocol: Protocol<Item>,
  settings: DeliverySettings,
  world: DeliveryWorld,
): Delivery<Item> {
  const { exitTime = { left: settings.exitTimeout } } = world;
  const waiting: Item[] = [];
  const onTheirWay = new Set<Batch<Item>>();
  const flushes = new Set<{ readonly upTo: number; readonly done: (isAll: boolean) => void }>();
  let pushed = 0;
  let size = 0;
  /** Items at the head of the queue that need not wait for more. */
  let due = 0;
  let dropped = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isPumpAhead = false;
  let isArmed = false;
  let isClosed = false;
  /** No answer comes any more but within a call. */
  let isEnding = false;

  function drop(count: number, reason: string): void {
    dropped += count;
    world.problems.tell("POLYLOG_E_ENDPOINT", `${name} ${reason}`, `${name} drops records: ${reason}`);
  }

  function takeOldest(): Item {
    const item = waiting.shift()!;
    size -= protocol.sizeOf(item);
    due = Math.max(0, due - 1);
    return item;
  }

  function push(item: Item): void {
    if (isClosed) {
      drop(1, "it is closed");
      return;
    }
    if (!isArmed) {
      isArmed = true;
      globalThis.process?.on?.("beforeExit", onNaturalEnd);
    }
    size += protocol.sizeOf(item);
    waiting.push(item);
    pushed++;
    while (waiting.length > settings.maxQueueSize || (size > MOST_WAITING && waiting.length > 1)) {
      takeOldest();
      drop(1, "more come than the server takes, and the queue is full");
    }
    if (isEnding) {
      sendAll();
      return;
    }
    if (settings.flushInterval === 0) due = waiting.length;
    else if (waiting.length >= settings.maxBatchSize)
      due = waiting.length - (waiting.length % settings.maxBatchSize);
    if (due > 0) pumpSoon();
    else awaitMore();
  }

  /** After the turn's work: a log call must not pay for a request, and a burst should fill the batches. */
  function pumpSoon(): void {
    if (isPumpAhead) return;
    isPumpAhead = true;
    queueMicrotask(() => {
      isPumpAhead = false;
      pump();
    });
  }

  function awaitMore(): void {
    if (timer !== undefined) return;
    timer = setTimeout(() => {
      timer = undefined;
      due = waiting.length;
      pump();
    }, settings.flushInterval);
    timer.unref?.();
  }

  function takeBatch(most: number): Batch<Item> {
    const first = pushed - waiting.length;
    const items = [takeOldest()];
    let characters = protocol.sizeOf(items[0]!);
    while (items.length < most && waiting.length > 0) {
      characters += protocol.sizeOf(waiting[0]!);
      if (characters > MOST_REQUEST) break;
      items.push(takeOldest());
    }
    return { items, first, abort: new AbortController() };
  }

  function pump(): void {
    while (due > 0 && onTheirWay.size < settings.parallel) {
      const batch = takeBatch(Math.min(due, settings.maxBatchSize));
      onTheirWay.add(batch);
      void send(batch);
    }
    if (waiting.length > 0 && due === 0) awaitMore();
    const oldest = Math.min(pushed - waiting.length, ...[...onTheirWay].map((batch) => batch.first));
    for (const flush of flushes) if (oldest >= flush.upTo) flush.done(true);
  }

  async function send(batch: Batch<Item>): Promise<void> {
    const request = protocol.encode(batch.items);
    for (let attempt = 0; onTheirWay.has(batch); ) {
      batch.abort = new AbortController();
      const { signal } = batch.abort;
      const answer = await post(request, { ...settings, signal, fetch: world.fetch });
      if (!onTheirWay.has(batch)) return;
      // A try that was broken off says nothing of the server.
      if (!signal.aborted && settle(batch, answer, attempt++ >= settings.retries)) break;
      await pause(Math.max(answer.retryAfter ?? 0, backoff(Math.max(0, attempt - 1), world.random)));
    }
    if (onTheirWay.delete(batch)) pump();
  }

  /** True when nothing more is to be done for the batch. */
  function settle(batch: Batch<Item>, answer: Answer, isLast: boolean): boolean {
    const verdict = protocol.judge(answer);
    if (verdict.kind === "again" && !isLast) return false;
    if (verdict.kind !== "taken") {
      drop(batch.items.length, verdict.reason);
      return true;
    }
    if (!isEnding) exitTime.left = settings.exitTimeout;
    if (verdict.rejected > 0) drop(Math.min(verdict.rejected, batch.items.length), verdict.reason);
    return true;
  }

  /**
   * While nothing forces the process to end, waiting for answers is cheaper than another process. It comes again
   * whenever nothing is left to do, and others may begin something then: so nothing is given up here. What is still
   * there when the process does end finds the time used up.
   */
  async function onNaturalEnd(): Promise<void> {
    const isNeeded = waiting.length + onTheirWay.size > 0;
    if (!isNeeded || exitTime.left <= 0 || (await flushWithin(exitTime.left))) return;
    exitTime.left = 0;
    // A request that hangs would hold the process up for as long as an answer may take.
    for (const batch of onTheirWay) batch.abort.abort();
  }

  /** False when the time was up before all was delivered or dropped. */
  function flushWithin(milliseconds: number | undefined): Promise<boolean> {
    due = waiting.length;
    const upTo = pushed;
    return new Promise((resolve) => {
      // This timer is what keeps the process there while it flushes.
      const limit = milliseconds === undefined ? undefined : setTimeout(() => done(false), milliseconds);
      const entry = { upTo, done };
      function done(isAll: boolean): void {
        clearTimeout(limit);
        flushes.delete(entry);
        resolve(isAll);
      }
      flushes.add(entry);
      pump();
    });
  }

  /** All that is not delivered, those on their way too: better a record twice than not at all. */
  function takeAll(): Batch<Item>[] {
    clearTimeout(timer);
    timer = undefined;
    const all = [...onTheirWay];
    for (const batch of all) batch.abort.abort();
    onTheirWay.clear();
    while (waiting.length > 0) all.push(takeBatch(settings.maxBatchSize));
    return all;
  }

  function giveUp(reason: string): void {
    for (const batch of takeAll()) drop(batch.items.length, reason);
    pump();
  }

  function flushSync(isEnd = false): void {
    // A page that goes can't wait for anything, and may come back.
    if (isEnd && globalThis.process !== undefined) {
      isEnding = true;
      sendAll();
    } else if (waiting.length > 0) {
      due = waiting.length;
      pumpSoon();
    }
  }

  /** Sends all that is not delivered, and waits for it as long as the end may be held up. */
  function sendAll(): void {
    if (exitTime.left <= 0) {
      giveUp("the server took nothing before the process ended");
      return;
    }
    const batches = takeAll();
    if (batches.length === 0) return;
    const requests = batches.map((batch) => protocol.encode(batch.items));
    const start = performance.now();
    const answers = postAtExit(requests, exitTime.left);
    exitTime.left -= performance.now() - start;
    batches.forEach((batch, at) => {
      settle(batch, answers[at]!, true);
    });
    pump();
  }

  async function close(isReplaced = false): Promise<void> {
    isClosed = true;
    // Tries come to an end by themselves, and with them what waits.
    await flushWithin(isReplaced ? undefined : settings.flushTimeout);
    globalThis.process?.removeListener?.("beforeExit", onNaturalEnd);
    giveUp("the server took nothing before it was closed");
  }

  return {
    push,
    flush: async () => void (await flushWithin(settings.flushTimeout)),
    flushSync,
    close,
    get dropped() {
      return dropped;
    },
  };
}

/** Keeps no process alive. */
function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds).unref?.();
  });
}
