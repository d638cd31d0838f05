import type { Engine, EngineNode } from "@polylog/engine";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";

/** The nodes that hold the tables, of which each is prepared when it comes, and again when it comes back. */
export interface StoreNodes {
  /** In order: those that answer and have their tables. */
  usable(): readonly EngineNode[];
  /** Names of the nodes whose records are out of reach: no node of their shard is usable. */
  away(): readonly string[];
  /**
   * Prepares again those that answer: one of them lacks a table. It may have been away so shortly that nobody saw it,
   * and come back without its disk.
   */
  recheck(): Promise<void>;
  /** Prepares what is there. Rejects when none of it could be prepared, or the tables are of a newer Polylog. */
  open(): Promise<void>;
  stop(): void;
}

export interface StoreNodesOptions {
  readonly engine: Engine;
  readonly log: Logger;
  /** Brings the tables of a node up to date. */
  readonly prepare: (node: EngineNode) => Promise<void>;
}

/** Milliseconds before a node is tried again that could not be prepared. */
const RETRY = 2_000;

export function createStoreNodes({ engine, log, prepare }: StoreNodesOptions): StoreNodes {
  const prepared = new Set<EngineNode>();
  const underWay = new Map<EngineNode, Promise<unknown>>();
  let timer: NodeJS.Timeout | undefined;
  let unsubscribe = (): void => {};

  /** Prepares a node if it needs it; resolves with what went wrong. */
  async function ready(node: EngineNode): Promise<unknown> {
    return prepared.has(node) ? undefined : prepareNow(node);
  }

  async function prepareNow(node: EngineNode): Promise<unknown> {
    if (!node.isAnswering()) return undefined;
    const before = underWay.get(node);
    if (before !== undefined) return before;
    const trial = prepare(node).then(
      () => {
        if (node.isAnswering()) prepared.add(node);
      },
      (error: unknown) => {
        prepared.delete(node);
        return error;
      },
    );
    underWay.set(node, trial);
    return trial.finally(() => underWay.delete(node));
  }

  /** A node that was away may come back with other tables, or none. */
  function look(): void {
    for (const node of prepared) if (!node.isAnswering()) prepared.delete(node);
    for (const node of engine.nodes) {
      void ready(node).then((error) => {
        if (error === undefined) return;
        log.warn("a node could not be prepared and is tried again", { node: node.name, error });
        clearTimeout(timer);
        timer = setTimeout(look, RETRY).unref();
      });
    }
  }

  return {
    usable: () => engine.nodes.filter((node) => prepared.has(node) && node.isAnswering()),
    away() {
      const isUsable = (node: EngineNode): boolean => prepared.has(node) && node.isAnswering();
      const reached = new Set(engine.nodes.filter(isUsable).map((node) => node.shard()));
      // One that has never answered doesn't say what it holds: nothing is missing where its replicas do.
      if (reached.size >= (engine.cluster?.shards() ?? 1)) return [];
      return engine.nodes
        .filter((node) => !isUsable(node) && !reached.has(node.shard()))
        .map(({ name }) => name);
    },
    async recheck() {
      await Promise.all(engine.nodes.map(prepareNow));
      look();
    },
    async open() {
      const errors = (await Promise.all(engine.nodes.map(ready))).filter((error) => error !== undefined);
      const final = errors.find((error) => error instanceof PolylogError);
      if (final !== undefined || prepared.size === 0) throw final ?? errors[0] ?? unavailable();
      unsubscribe = engine.onStatus(look);
      look();
    },
    stop() {
      unsubscribe();
      clearTimeout(timer);
    },
  };
}

function unavailable(): PolylogError {
  return new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "No node of the store answers.", {
    retryAfterSeconds: 1,
    remedy: "See that ClickHouse runs; the server goes on by itself then.",
  });
}
