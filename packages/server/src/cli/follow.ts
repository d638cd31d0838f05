import { setTimeout as delay } from "node:timers/promises";
import type { TailRows } from "../contract/api.ts";
import { PolylogError } from "../errors.ts";
import type { Client } from "./client.ts";
import { printableLine } from "./terminal-text.ts";

export interface TailQuestion {
  readonly query: string;
  readonly backlog: number;
  readonly rate: number;
}

export interface TailListener {
  rows(rows: TailRows): void;
  /** Takes what a person should know about the connection. */
  note(text: string): void;
}

const FIRST_PAUSE = 250;
const LONGEST_PAUSE = 10_000;

/**
 * Follows the live tail until the signal comes. When the connection breaks, it is taken up again, at growing
 * intervals and without limit, after the last record that was seen.
 *
 * Rejects when the server is not reached to begin with, or refuses the question.
 */
export async function follow(
  client: Client,
  question: TailQuestion,
  signal: AbortSignal,
  listener: TailListener,
): Promise<void> {
  let lastEventId: string | undefined;
  let wasConnected = false;
  let attempts = 0;
  for (;;) {
    let reason = "the server ended it";
    try {
      const { query, rate } = question;
      // Records that were seen are not to be seen again.
      const backlog = wasConnected ? undefined : question.backlog;
      const events = await client.events("/logs/tail", { query, rate, backlog }, lastEventId, signal);
      if (attempts > 0) listener.note("Connected again.");
      wasConnected = true;
      attempts = 0;
      for await (const event of events) {
        if (event.event === "rows") listener.rows(JSON.parse(event.data) as TailRows);
        else if (event.event === "problem") listener.note(problemText(event.data));
        lastEventId = event.id ?? lastEventId;
      }
    } catch (error) {
      signal.throwIfAborted();
      if (!wasConnected || isFinal(error)) throw error;
      reason = error instanceof Error ? error.message : String(error);
    }
    signal.throwIfAborted();
    if (attempts === 0) listener.note(`The connection broke (${reason.replace(/\.$/, "")}). Trying again…`);
    await delay(Math.min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** attempts), undefined, { signal });
    attempts++;
  }
}

/** Errors of the question itself, which trying again doesn't mend. */
const FINAL: ReadonlySet<string> = new Set([
  "POLYLOG_E_QUERY_SYNTAX",
  "POLYLOG_E_BAD_REQUEST",
  "POLYLOG_E_UNAUTHORIZED",
  "POLYLOG_E_FORBIDDEN",
  "POLYLOG_E_NOT_FOUND",
]);

function isFinal(error: unknown): boolean {
  return error instanceof PolylogError && FINAL.has(error.code);
}

function problemText(data: string): string {
  const problem: unknown = JSON.parse(data);
  const isTold = typeof problem === "object" && problem !== null && "message" in problem;
  return isTold ? printableLine(String(problem.message)) : "The server reports a problem.";
}
