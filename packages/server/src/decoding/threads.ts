import { setTimeout as delay } from "node:timers/promises";
import type { TransferListItem } from "node:worker_threads";
import { BodyMemory } from "../intake/body-memory.ts";
import { createReadingTurns, type Turn } from "../intake/reading-turns.ts";
import type { Logger } from "../log.ts";
import type { AnswerTo, BodyAnswer, BodyQuestion, LinesAnswer, LinesOpening, Question } from "./protocol.ts";
import { type Loss, startThread, stopping, type Thread } from "./thread.ts";
import { WORKER_PATH } from "./worker-path.ts";

export interface DecodingOptions {
  /** How many threads; they are started when there is something for them. */
  readonly threads: number;
  readonly log: Logger;
  /** The compiled program of a thread. @defaultValue the real one */
  readonly file?: string;
  /** Most memory of the objects of a thread, in MiB. @defaultValue 1024 */
  readonly heapMegabytes?: number;
  /** Milliseconds that a thread may take for a body, or for a piece of one of JSON lines. @defaultValue 30,000 */
  readonly timeLimit?: number;
  /** Bytes of a body from which on it is given to a thread. @defaultValue {@link HEAVY_BYTES} */
  readonly heavyBytes?: number;
  /** Questions that may wait for a thread. @defaultValue 1000 */
  readonly waiting?: number;
  /** Bytes of bodies that may be with the threads or wait for them. @defaultValue 256 MiB */
  readonly maxBytes?: number;
}

/** What happened since the start. */
interface DecodingStatistics {
  /** Threads that run. */
  readonly threads: number;
  /** Questions that threads are at. */
  readonly underWay: number;
  /** Questions that were answered. */
  readonly jobs: number;
  /** Questions that wait for a thread. */
  readonly waiting: number;
  /** Threads that were lost: they ran out of memory or time, or crashed. */
  readonly lostThreads: number;
}

/** A request of JSON lines, which stays with one thread. */
export interface LinesDecoding {
  /** Hands bytes over; without any, the thread goes on with those that it has. */
  read(bytes: Buffer | undefined, isLast: boolean): Promise<LinesAnswer>;
  /** To be called in any case, when it is over. */
  close(): void;
}

/** Decodes and encodes heavy requests on threads of their own. */
export interface Decoding {
  /** From how many bytes on a body is worth the way to another thread and back; infinite while there is none. */
  readonly heavyBytes: number;
  /**
   * Rejects as the decoder does; with `POLYLOG_E_INTAKE_FULL` when too much waits, or the thread was lost for somebody
   * else's fault; with `POLYLOG_E_TOO_LARGE` when it takes more time or memory than a thread has.
   *
   * @param body not to be used any more
   * @param bytes that decoding it takes
   * @param sender its address: those who wait get their turns in turn
   */
  body(
    job: Omit<BodyQuestion, "kind" | "bytes">,
    body: Buffer,
    bytes: number,
    sender: string,
  ): Promise<BodyAnswer>;
  /** The same for JSON lines. Their bytes are the caller's to bound. */
  lines(opening: LinesOpening, sender: string): LinesDecoding;
  statistics(): DecodingStatistics;
  /** Ends all threads. What is under way is refused with `POLYLOG_E_STOPPING`. */
  stop(): Promise<void>;
}

/** For half of that, the main thread needs as long as for the way there and back; for this, twice as long. */
const HEAVY_BYTES = 64 << 10;
const HEAP_MEGABYTES = 1024;
const TIME_LIMIT = 30_000;
const MAX_BYTES = 256 << 20;
/** Questions that may wait for a thread, and for how long; the thread sees to it that none keeps its turn for ever. */
const TURNS = { waiting: 1000, patience: 20_000, duration: 2 ** 31 - 1 };
/** Milliseconds until a request that is under way asks for its turn again. */
const NEXT_TRY = 100;
/** Milliseconds before a thread is replaced that crashed and had crashed before: doubles from the first to the longest. */
const FIRST_PAUSE = 100;
const LONGEST_PAUSE = 10_000;
/** Threads in a row that ended before they had answered anything: then there is something wrong with all of them. */
const MOST_STILLBORN = 3;

/**
 * Makes threads that decode. None is started before the first request for it.
 *
 * @example
 * const decoding = createDecoding({ threads: 2, log });
 * const job = { decoder: "gelf", parameters: { now }, receiver: "gelf" };
 * const { logs } = await decoding.body(job, body, body.length, request.ip);
 */
export function createDecoding(options: DecodingOptions): Decoding {
  const { log, file = WORKER_PATH, heapMegabytes = HEAP_MEGABYTES, timeLimit = TIME_LIMIT } = options;
  const heavyBytes = options.heavyBytes ?? HEAVY_BYTES;
  const memory = new BodyMemory(options.maxBytes ?? MAX_BYTES);
  const limits = { ...TURNS, waiting: options.waiting ?? TURNS.waiting };
  const turns = createReadingTurns({ turns: options.threads, ...limits });
  const threads = new Set<Thread>();
  let isStopped = false;
  let sessions = 0;
  let jobs = 0;
  let waiting = 0;
  let underWay = 0;
  let lostThreads = 0;
  /** Crashes since the last answer. */
  let crashes = 0;
  /** Threads since then that had not answered anything. */
  let stillborn = 0;
  let pause: Promise<void> | undefined;

  const isBroken = (): boolean => stillborn >= MOST_STILLBORN;

  /** The thread that has least to do; a new one before two share one. */
  function freest(): Thread {
    const [first] = [...threads].sort((a, b) => a.asked - b.asked);
    if (first !== undefined && (first.asked === 0 || threads.size === options.threads)) return first;
    const thread = startThread({
      ...{ file, heapMegabytes, timeLimit },
      onAnswer() {
        jobs++;
        crashes = 0;
        stillborn = 0;
      },
      onLost: (loss) => lose(thread, loss),
    });
    threads.add(thread);
    return thread;
  }

  function lose(thread: Thread, loss: Loss): void {
    threads.delete(thread);
    lostThreads++;
    if (loss.by !== "crash") {
      log.warn(`a request took too much ${loss.by} to be decoded, and is refused`);
      return;
    }
    crashes++;
    stillborn = loss.hasAnswered ? 0 : stillborn + 1;
    log.error("a thread that decodes requests ended", { error: loss.error });
    if (isBroken()) log.error("no thread can be started: heavy requests are decoded on the main one");
    if (crashes > 1)
      pause = delay(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** (crashes - 2)), undefined, { ref: false });
  }

  /** Asks when it is the sender's turn. */
  async function ask<Q extends Question>(
    question: Q,
    sender: string,
    moved: readonly TransferListItem[],
    choose: () => Thread,
    isUnderWay = false,
  ): Promise<AnswerTo<Q>> {
    if (isStopped) throw stopping();
    const turn = await turnOf(sender, isUnderWay);
    try {
      await pause;
      if (isStopped) throw stopping();
      underWay++;
      // Chosen and asked at once: the next one is to see that it has something to do.
      return await choose()
        .ask(question, moved)
        .finally(() => underWay--);
    } finally {
      turn.end();
    }
  }

  /** @param isUnderWay that it is not refused for want of a turn: parts of the request may be stored already */
  async function turnOf(sender: string, isUnderWay: boolean): Promise<Turn> {
    waiting++;
    try {
      for (;;) {
        const turn = turns.take(() => {}, sender);
        try {
          await turn.granted;
          return turn;
        } catch (error) {
          if (!isUnderWay || isStopped) throw error;
        }
        await delay(NEXT_TRY, undefined, { ref: false });
      }
    } finally {
      waiting--;
    }
  }

  return {
    get heavyBytes() {
      return isBroken() ? Number.POSITIVE_INFINITY : heavyBytes;
    },
    async body(job, body, size, sender) {
      const room = memory.of(sender);
      room.take(size);
      try {
        const bytes = ownBytes(body);
        return await ask({ kind: "body", ...job, bytes }, sender, [bytes.buffer], freest);
      } finally {
        room.give(size);
      }
    },
    lines(opening, sender) {
      const session = sessions++;
      let thread: Thread | undefined;
      let isRead = false;
      return {
        async read(body, isLast) {
          const bytes = body && ownBytes(body);
          const isFirst = thread === undefined;
          const question = {
            ...{ kind: "lines" as const, session, bytes, isLast },
            opening: isFirst ? opening : undefined,
          };
          const moved = bytes === undefined ? [] : [bytes.buffer];
          const choose = (): Thread => {
            thread ??= freest();
            return thread;
          };
          const answer = await ask(question, sender, moved, choose, !isFirst);
          isRead ||= isLast && answer.isDone;
          return answer;
        },
        close() {
          // Once the thread is gone, so is what it knew of it.
          if (!isRead) thread?.ask({ kind: "close", session }).catch(() => {});
        },
      };
    },
    statistics: () => ({ threads: threads.size, underWay, jobs, waiting, lostThreads }),
    async stop() {
      isStopped = true;
      await Promise.all([...threads].map((thread) => thread.stop()));
      threads.clear();
    },
  };
}

/** The bytes in memory of their own, which can move: most bodies of a socket share theirs with others. */
function ownBytes(body: Buffer): Uint8Array<ArrayBuffer> {
  const { buffer, byteOffset, length } = body;
  const isAlone = buffer instanceof ArrayBuffer && byteOffset === 0 && length === buffer.byteLength;
  return isAlone ? new Uint8Array(buffer) : new Uint8Array(body);
}
