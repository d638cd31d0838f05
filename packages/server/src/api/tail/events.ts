import type { Problem } from "../../contract/index.ts";
import { PolylogError } from "../../errors.ts";
import { problemOf } from "../../http/problem.ts";
import type { Arrivals, Arrived } from "./arrivals.ts";
import type { Allowance } from "./sample.ts";
import type { Waker } from "./waker.ts";

/** What a tail tells its reader. */
export type TailEvent =
  /** What is committed from now on will be shown. Comes first, and once. */
  | { readonly kind: "open" }
  | ({ readonly kind: "rows" } & Arrived)
  | { readonly kind: "problem"; readonly problem: Problem }
  /** Keeps proxies and readers from taking the silence for a broken connection. */
  | { readonly kind: "heartbeat" };

/** Milliseconds. */
export interface TailTiming {
  /** At least between two polls, however often there are commits. */
  readonly shortest: number;
  /** At most between two polls: other servers may write to the same store without our hearing of it. */
  readonly idle: number;
  readonly heartbeat: number;
  /** Between two tries while the store is away. */
  readonly retry: number;
}

export const TAIL_TIMING: TailTiming = { shortest: 250, idle: 2_000, heartbeat: 15_000, retry: 1_000 };

export interface TailOptions {
  readonly arrivals: Arrivals;
  readonly allowance: Allowance;
  readonly waker: Waker;
  /** Newest records to begin with; undefined for a reader who comes back and has them. */
  readonly backlog: number | undefined;
  readonly clock: () => number;
  readonly timing: TailTiming;
  readonly signal: AbortSignal;
}

/**
 * The events of one tail, without end until the signal is aborted.
 *
 * It is pulled: while a slow reader takes nothing, nothing is asked and nothing is kept, and the next poll counts what
 * was passed over.
 */
export async function* tailEvents(options: TailOptions): AsyncGenerator<TailEvent, void, void> {
  const { arrivals, allowance, backlog, clock, timing, signal } = options;
  let toBegin = backlog;
  let toldProblem = "";
  let lastSign = clock();
  let isOpen = false;

  while (!signal.aborted) {
    const begin = clock();
    let pause = timing.idle;
    let event: TailEvent | undefined;
    try {
      let arrived: Arrived | undefined;
      const count = allowance.available(begin);
      if (toBegin !== undefined) arrived = await arrivals.begin(toBegin, begin);
      // Too slow a rate for a row in each poll: what comes in waits in the store.
      else if (count >= 1) arrived = await arrivals.poll(count);
      else pause = timing.shortest;
      toBegin = undefined;
      toldProblem = "";
      if (arrived !== undefined) {
        allowance.take(arrived.rows.length);
        event = { kind: "rows", ...arrived };
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem = problemOf(error);
      pause = isPassing(error) ? timing.retry : timing.retry * 5;
      if (problem.code !== toldProblem) {
        toldProblem = problem.code;
        event = { kind: "problem", problem };
      }
    }
    if (!isOpen) yield { kind: "open" };
    isOpen = true;
    if (event === undefined && clock() - lastSign >= timing.heartbeat) event = { kind: "heartbeat" };
    if (event !== undefined) {
      lastSign = clock();
      yield event;
    }
    await sleepBetween(options, begin, pause);
  }
}

/** Sleeps until a commit, but no shorter than between two polls and no longer than `longest`. */
async function sleepBetween(
  { waker, clock, timing, signal }: TailOptions,
  begin: number,
  longest: number,
): Promise<void> {
  await waker.sleep(Math.min(longest, timing.heartbeat));
  while (!signal.aborted && clock() - begin < timing.shortest) {
    await waker.sleep(timing.shortest - (clock() - begin));
  }
}

function isPassing(error: unknown): boolean {
  return error instanceof PolylogError && error.retryAfterSeconds !== undefined;
}
