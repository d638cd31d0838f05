import { statfs } from "node:fs/promises";
import type { Engine } from "@polylog/engine";
import type { Batcher } from "./batcher/batcher.ts";
import type { ServerConfig } from "./config/config.ts";
import { every } from "./every.ts";
import type { Logger } from "./log.ts";
import { createFanIn } from "./store/merges/fan-in.ts";
import { MERGED_TABLES } from "./store/merges/tables.ts";
import { createSizeCap, type SizeCap } from "./store/retention/size-cap.ts";

/** Milliseconds between looks at what the store takes. */
const SIZE_LOOKS = 60_000;
/** Milliseconds between looks at how much comes in, by which merges are fitted. */
const MERGE_LOOKS = 1_000;
/** Bytes that are free on the disk when the definition of a table is changed for that. */
const ROOM_FOR_DEFINITIONS = 32 << 20;

/** Looks at the store's size again and again, and drops the oldest days when it is too large. @returns how to end that */
export function holdSize(engine: Engine, { maxStoreBytes }: ServerConfig, log: Logger): () => Promise<void> {
  if (maxStoreBytes === null) return async () => {};
  // A node holds its whole shard. How many there are is known once one of them answers.
  const maxBytes = (): number => maxStoreBytes / (engine.cluster?.shards() ?? 1);
  const caps = engine.nodes.map(({ client }) => createSizeCap({ client, maxBytes, log, clock: Date.now }));
  const enforce = (cap: SizeCap, signal: AbortSignal): Promise<unknown> =>
    cap.enforce(signal).catch((error: unknown) => {
      if (!signal.aborted) log.warn("the store's size could not be held", { error });
    });
  return every(SIZE_LOOKS, (signal) => Promise.all(caps.map((cap) => enforce(cap, signal))));
}

/** Fits the merges of an engine of our own to what comes in. @returns how to end that */
export function fitMerges(
  { client, status }: Engine,
  batcher: Batcher,
  { dataDirectory }: ServerConfig,
  log: Logger,
): () => Promise<void> {
  if (status().kind !== "embedded") return async () => {};
  const counts = batcher.statistics;
  const hasRoom = async (): Promise<boolean> => {
    const { bavail, bsize } = await statfs(dataDirectory);
    return bavail * bsize > ROOM_FOR_DEFINITIONS;
  };
  const looks = [
    createFanIn({
      ...{ client, log, hasRoom, inserts: () => counts().logs },
      tables: MERGED_TABLES.logs,
    }),
    createFanIn({
      ...{ client, log, hasRoom, inserts: () => counts().spans },
      tables: MERGED_TABLES.spans,
    }),
  ];
  return every(MERGE_LOOKS, (signal) => Promise.all(looks.map((look) => look(signal))));
}
