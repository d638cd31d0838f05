import type { Statistics } from "../contract/index.ts";
import { PolylogError } from "../errors.ts";

/**
 * Refuses to say that there is nothing, when it may be on a node that is away.
 *
 * @throws {PolylogError} `POLYLOG_E_STORE_UNAVAILABLE`
 */
export function refuseIfNodesAway(...costs: readonly Statistics[]): void {
  const away = [...new Set(costs.flatMap(({ nodesAway }) => nodesAway ?? []))];
  if (away.length === 0) return;
  throw new PolylogError(
    "POLYLOG_E_STORE_UNAVAILABLE",
    `What is asked for may lie on nodes of the cluster that are away: ${away.join(", ")}.`,
    {
      remedy:
        "Ask again when they are back; without `nodes=all`, questions are answered with what the others have.",
      retryAfterSeconds: 5,
    },
  );
}

/** What to say of an answer that lacks something, where it has no fields of its own for that. */
export function wordsOfNodesAway({ nodesAway = [] }: Statistics): string | undefined {
  if (nodesAway.length === 0) return undefined;
  return `What is on these nodes of the cluster is missing, as they are away: ${nodesAway.join(", ")}.`;
}

/**
 * Refuses an answer that lacks something, for a request that asks for all (`nodes=all`).
 *
 * @throws {PolylogError} `POLYLOG_E_STORE_UNAVAILABLE`
 */
export function refuseIfNodesAwayFor(query: unknown, answer: unknown): void {
  if (!wantsAll(query) || typeof answer !== "object" || answer === null || !("statistics" in answer)) return;
  refuseIfNodesAway(answer.statistics as Statistics);
}

function wantsAll(query: unknown): boolean {
  return typeof query === "object" && query !== null && "nodes" in query && query.nodes === "all";
}
