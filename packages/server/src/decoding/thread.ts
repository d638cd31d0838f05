import { type TransferListItem, Worker } from "node:worker_threads";
import { PolylogError } from "../errors.ts";
import { type AnswerTo, errorOf, type Question, type Reply } from "./protocol.ts";

export interface ThreadOptions {
  /** The compiled program. */
  readonly file: string;
  /** Most memory of its objects, in MiB; buffers are not among them. */
  readonly heapMegabytes: number;
  /** Milliseconds that one question may take. */
  readonly timeLimit: number;
  /** Called for each question that it has answered, by an error as well. */
  readonly onAnswer: () => void;
  /** Called once, when it has ended otherwise than by {@link Thread.stop}. */
  readonly onLost: (loss: Loss) => void;
}

/** How a thread was lost. By a request, the next one may well fare better; by a crash, the next thread may not. */
export type Loss =
  | { readonly by: "memory" | "time" }
  | { readonly by: "crash"; readonly error: unknown; readonly hasAnswered: boolean };

/** One thread that decodes. */
export interface Thread {
  /** Rejects with what the thread says, or with what became of it. Questions are answered in their order. */
  ask<Q extends Question>(question: Q, moved?: readonly TransferListItem[]): Promise<AnswerTo<Q>>;
  /** Questions without an answer yet. */
  readonly asked: number;
  readonly isOver: boolean;
  /** Ends it. What is not answered is refused. */
  stop(): Promise<void>;
}

interface Asked {
  readonly resolve: (answer: AnswerTo<Question>) => void;
  readonly reject: (error: Error) => void;
}

/** MiB of young objects, which a thread keeps for good. Decoding takes a tenth longer with half of it, and no less with more. */
const YOUNG_MEGABYTES = 32;

export function startThread(options: ThreadOptions): Thread {
  const { file, heapMegabytes, timeLimit, onAnswer, onLost } = options;
  const worker = new Worker(file, {
    name: "polylog-decoding",
    // Its own: what the process was started with is meant for the main thread.
    execArgv: [],
    resourceLimits: { maxOldGenerationSizeMb: heapMegabytes, maxYoungGenerationSizeMb: YOUNG_MEGABYTES },
  });
  // Whoever waits for an answer has a socket open.
  worker.unref();
  const asked: Asked[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isOver = false;
  let hasAnswered = false;

  /** The first one is what the thread is at. */
  function watchFirst(): void {
    clearTimeout(timer);
    if (asked.length > 0) timer = setTimeout(() => lose({ by: "time" }), timeLimit).unref();
  }

  worker.on("message", (reply: Reply) => {
    const first = asked.shift();
    hasAnswered = true;
    watchFirst();
    onAnswer();
    if ("answer" in reply) first?.resolve(reply.answer);
    else first?.reject(errorOf(reply.error));
  });
  worker.on("error", (error: NodeJS.ErrnoException) => {
    const isMemory = error.code === "ERR_WORKER_OUT_OF_MEMORY";
    lose(isMemory ? { by: "memory" } : { by: "crash", error, hasAnswered });
  });
  worker.on("messageerror", (error) => lose({ by: "crash", error, hasAnswered }));
  worker.on("exit", (code) => {
    lose({ by: "crash", error: new Error(`It ended with code ${code}.`), hasAnswered });
  });

  function lose(loss: Loss): void {
    if (isOver) return;
    end(loss.by === "crash" ? lost() : tooMuch(loss.by), lost());
    onLost(loss);
    void worker.terminate();
  }

  /** @param first for what the thread was at */
  function end(first: Error, others: Error): void {
    isOver = true;
    clearTimeout(timer);
    for (const [index, { reject }] of asked.splice(0).entries()) reject(index === 0 ? first : others);
  }

  return {
    ask(question, moved = []) {
      return new Promise((resolve, reject) => {
        if (isOver) return reject(lost());
        worker.postMessage(question, moved);
        // Answers come in the order of the questions.
        asked.push({ resolve: resolve as Asked["resolve"], reject });
        if (asked.length === 1) watchFirst();
      });
    },
    get asked() {
      return asked.length;
    },
    get isOver() {
      return isOver;
    },
    async stop() {
      if (!isOver) end(stopping(), stopping());
      await worker.terminate();
    },
  };
}

/** What becomes of a request that a thread can't get done, ever. */
function tooMuch(by: "memory" | "time"): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", `The request takes too much ${by} to be decoded`, {
    remedy: "Send smaller batches.",
  });
}

/** And of one that shared a thread with it, or with a fault of ours. */
function lost(): PolylogError {
  return new PolylogError("POLYLOG_E_INTAKE_FULL", "The thread that was to decode the request is gone", {
    reason: "decoding_thread_lost",
    remedy: "Send the same again.",
    retryAfterSeconds: 1,
  });
}

export function stopping(): PolylogError {
  return new PolylogError("POLYLOG_E_STOPPING", "The server is stopping.", {
    retryAfterSeconds: 5,
    remedy: "Send the same again once it is back.",
  });
}
