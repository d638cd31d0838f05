import { signalWithin } from "@polylog/engine/signal-within";
import type { ExplainResponse } from "../contract/api.ts";
import type { Client } from "./client.ts";
import { thousands } from "./progress.ts";
import { printableLine } from "./terminal-text.ts";
import type { Window } from "./window.ts";

const MINUTE = 60_000;
/** Milliseconds that are spent on finding out; the answer itself is there already. */
const PATIENCE = 5_000;

/** Says that nothing was found and, as far as the server can tell, why. */
export async function explainNothing(
  client: Client,
  query: string,
  window: Window,
  signal: AbortSignal,
): Promise<string> {
  const said = `Nothing found ${window.words}.`;
  try {
    const within = signalWithin(PATIENCE, signal);
    const { from, to } = window;
    const answer = (await client.get("/logs/explain", { query, from, to }, within)) as ExplainResponse;
    return [said, ...reasons(answer, query, Date.now())].join("\n");
  } catch (error) {
    if (signal.aborted) throw error;
    // It is only a help: an older server may not have it, a busy one not the time.
    return said;
  }
}

/** The reasons in words, at most three lines. */
export function reasons(answer: ExplainResponse, query: string, now: number): string[] {
  const lines: string[] = [];
  if (answer.inWindow === 0) lines.push("There are no records at all in that time.");
  const culprit = answer.parts.toSorted((a, b) => b.countWithout - a.countWithout)[0];
  if (culprit && culprit.countWithout > 0 && answer.parts.length > 1) {
    lines.push(
      `Without ${printableLine(culprit.text)} it would be ${thousands(culprit.countWithout)} records.`,
    );
  }
  if (answer.newestMatch) {
    const age = now - Date.parse(answer.newestMatch);
    const flag = age >= 0 ? ` --since ${roundedUp(age)} finds it.` : "";
    lines.push(
      `The newest ${query === "" ? "record" : "match"} is of ${printableLine(answer.newestMatch)}.${flag}`,
    );
  }
  if (lines.length === 0)
    lines.push(`None of the ${thousands(answer.inWindow)} records of that time matches.`);
  return lines;
}

/** A length of time that surely covers the given one, as a person would write it. */
export function roundedUp(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / MINUTE) + 1;
  if (minutes <= 90) return `${minutes}m`;
  const hours = Math.ceil(minutes / 60);
  return hours <= 48 ? `${hours}h` : `${Math.ceil(hours / 24)}d`;
}
