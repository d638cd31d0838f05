import { type EngineNode, isUnavailable } from "@polylog/engine";
import { PolylogError } from "../errors.ts";
import { insertNative, type NativeInsert } from "./insert.ts";
import { kindOfFailure } from "./insert-failure.ts";

/** A way for inserts into one table, one at a time. A cluster has as many as nodes, side by side. */
export interface InsertPath {
  /** Like `insertNative`; a repetition with the same token never stores the block a second time. */
  insert(insert: NativeInsert): Promise<void>;
  /** Whether it waits for a node that is away or takes nothing in: whatever is behind has to wait as well. */
  isStuck(): boolean;
}

export interface InsertPathsOptions {
  /** All that are configured. */
  readonly nodes: readonly EngineNode[];
  /** Those that take records now. */
  readonly usable: () => readonly EngineNode[];
  /** Whether shards have replicas, of which a majority has to have a block before it counts as committed. */
  readonly isReplicated: () => boolean;
  /** Called when a node lacks a table. */
  readonly recheck: () => Promise<void>;
  /** Milliseconds, from any moment on. @defaultValue `performance.now` */
  readonly now?: () => number;
}

/**
 * Milliseconds for which a node gets no new blocks after it refused one: its disk is full, or it has too many parts. One
 * that refused a block for what is in it is well.
 */
const REST = 30_000;

/** Errors that come before a connection is there, so that no byte of the block can have arrived. */
const NOT_CONNECTED: ReadonlySet<unknown> = new Set(["ECONNREFUSED", "ENOTFOUND", "EAI_AGAIN"]);

/** UNKNOWN_TABLE, UNKNOWN_DATABASE */
const NO_TABLE: ReadonlySet<unknown> = new Set(["60", "81"]);

/**
 * Errors by which ClickHouse refuses an insert before it reads a row. Not those that may come between the table and its
 * views, or between two partitions, as TOO_MANY_PARTS, TOO_FEW_LIVE_REPLICAS and NOT_ENOUGH_SPACE.
 */
const NOT_BEGUN: ReadonlySet<unknown> = new Set([
  ...NO_TABLE,
  "192", // UNKNOWN_USER
  "193", // WRONG_PASSWORD
  "194", // REQUIRED_PASSWORD
  "202", // TOO_MANY_SIMULTANEOUS_QUERIES
  "497", // ACCESS_DENIED
  "516", // AUTHENTICATION_FAILED
  "745", // SERVER_OVERLOADED
]);

/**
 * Ways to the nodes of a cluster: each has a node that it prefers, so that inserts spread over all, and takes another
 * when that one is away.
 *
 * Only the shard that was given a block knows its token. So once a block may have arrived somewhere, it is repeated
 * there and nowhere else, and when that shard stays away, its sender is told that it is not stored, as it may be.
 */
export function createInsertPaths({
  nodes,
  usable,
  isReplicated,
  recheck,
  now = () => performance.now(),
}: InsertPathsOptions): readonly InsertPath[] {
  const resting = new Map<EngineNode, number>();
  const isResting = (node: EngineNode): boolean => (resting.get(node) ?? 0) > now();

  /** The first that takes records, from the preferred one on. */
  function choose(preferred: number): EngineNode | undefined {
    const inTurn = [...nodes.slice(preferred), ...nodes.slice(0, preferred)].filter(
      (node) => usable().includes(node) && node.isKnown(),
    );
    return inTurn.find((node) => !isResting(node)) ?? inTurn[0];
  }

  /** Of the same shard, whose replicas know each other's tokens. */
  function again(node: EngineNode): EngineNode | undefined {
    const alive = usable();
    return alive.includes(node) ? node : alive.find((other) => other.shard() === node.shard());
  }

  return nodes.map((_, preferred): InsertPath => {
    /** Where the last block may have arrived, while that is all that is known of it. */
    let pinned: { readonly token: string; readonly node: EngineNode } | undefined;
    return {
      async insert(insert) {
        const { token } = insert;
        if (pinned?.token !== token) pinned = undefined;
        const node = pinned === undefined ? choose(preferred) : again(pinned.node);
        if (node === undefined) throw away(pinned?.node);
        const isFirst = pinned === undefined;
        pinned ??= { token, node };
        try {
          await insertNative(node.client, { ...insert, isForQuorum: isReplicated() });
          pinned = undefined;
        } catch (error) {
          // What this attempt did not bring there, one before it may have.
          if (isFirst && hasNotArrived(error)) pinned = undefined;
          if (hasNoTable(error)) await recheck();
          else if (!isUnavailable(error) && kindOfFailure(error) !== "data") resting.set(node, now() + REST);
          throw error;
        }
      },
      isStuck: () => pinned !== undefined && (again(pinned.node) === undefined || isResting(pinned.node)),
    };
  });
}

function hasNoTable(error: unknown): boolean {
  return error instanceof Error && "code" in error && NO_TABLE.has(error.code);
}

function hasNotArrived(error: unknown): boolean {
  if (!isUnavailable(error)) return error instanceof Error && "code" in error && NOT_BEGUN.has(error.code);
  const { cause } = error as Error;
  return typeof cause === "object" && cause !== null && "code" in cause && NOT_CONNECTED.has(cause.code);
}

function away(node: EngineNode | undefined): PolylogError {
  const who =
    node === undefined ? "No node of the cluster takes records" : `${node.name} is away, which may have them`;
  return new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", `${who}.`, {
    retryAfterSeconds: 2,
    remedy: "Send again in a moment; /readyz says when the store is back.",
  });
}
