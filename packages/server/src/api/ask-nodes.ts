import type { ClickHouseSettings } from "@clickhouse/client";
import type { Cluster } from "@polylog/engine";
import type { ApiDependencies } from "./dependencies.ts";
import { isNotReady, isOfOneNode } from "./engine-error.ts";
import type { Answer, Ask, Question } from "./question.ts";

/** How often a question is asked while nodes come and go. */
const MOST_TRIES = 3;

const OF_CLUSTER: ClickHouseSettings = {
  // What a condition asks of another table means the whole table, not the part of the node that looks.
  distributed_product_mode: "global",
};

type AskOnce = (question: Question, settings: ClickHouseSettings, signal: AbortSignal) => Promise<Answer>;

/**
 * Asks all nodes of a cluster through any of them.
 *
 * ClickHouse doesn't tell when it left out a node. So as long as all nodes are known to be there, none may be left
 * out: an answer is complete, or a node's absence is an error. Then, and while a node is known to be away, the others
 * answer, and the answer says who was missing.
 */
export function createAskNodes(cluster: Cluster, nodes: ApiDependencies["nodes"], askOnce: AskOnce): Ask {
  return async (question, signal) => {
    let unnamed: string | undefined;
    for (let tries = 1; ; tries++) {
      let away = nodes.away();
      // All of them answer us, and still one could not be asked: they don't reach each other.
      if (away.length === 0 && tries === MOST_TRIES && unnamed !== undefined) away = [unnamed];
      try {
        const skip = away.length === 0 ? 0 : 1;
        const answer = await askOnce(question, { ...OF_CLUSTER, skip_unavailable_shards: skip }, signal);
        if (away.length === 0) return answer;
        return { ...answer, isPartial: true, statistics: { ...answer.statistics, nodesAway: [...away] } };
      } catch (error) {
        if (signal.aborted || tries === MOST_TRIES || !isOfOneNode(error)) throw error;
        if (isNotReady(error)) {
          await nodes.recheck();
        } else {
          unnamed = nodeIn(error);
          await cluster.look();
        }
      }
    }
  };
}

/** The node that another one could not reach, by its words; we may well reach it. */
function nodeIn(error: unknown): string {
  const [, address] = /\(([\w.:[\]-]{1,200}:\d{1,5})[,)]/.exec(String(error)) ?? [];
  return address ?? "a node that the others can't reach";
}
