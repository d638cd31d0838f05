import { z } from "zod";
import { statisticsSchema } from "./rows.ts";
import { nodes } from "./window.ts";

/** How much of something there is. */
const amount = {
  rows: z.number(),
  /** On disk, compressed, indexes included. */
  bytes: z.number(),
} as const;

const part = z.object({
  name: z.string(),
  bytes: z.number(),
  /** Before compression. */
  uncompressedBytes: z.number(),
});

export const storageRequest = z.object({ nodes });

/** `GET /api/v1/storage`: what the store takes on disk, by table, column, index and day, and what goes when. */
export const storageResponse = z.object({
  /** Milliseconds since 1970. */
  now: z.number(),
  ...amount,
  uncompressedBytes: z.number(),
  /** Of the disk that the store is on; null when the engine does not say. */
  disk: z.object({ freeBytes: z.number(), totalBytes: z.number() }).nullable(),
  /** Largest first. */
  tables: z.array(
    z.object({
      name: z.string(),
      ...amount,
      uncompressedBytes: z.number(),
      parts: z.number(),
      /** Largest first. */
      columns: z.array(part),
      /** Largest first. */
      indexes: z.array(part.extend({ type: z.string() })),
    }),
  ),
  /** Newest first, at most 1,000. Old records that came late lie in months or years, named by their first day. */
  days: z.array(
    z.object({
      /** `2026-11-21`, UTC. */
      day: z.string(),
      logs: z.object(amount),
      spans: z.object(amount),
      /** When retention takes the first and the last of it, in milliseconds since 1970; null for never. */
      expiresFrom: z.number().nullable(),
      expires: z.number().nullable(),
    }),
  ),
  /** Bytes a day, over the last seven whole days at most; null while there is none. */
  growth: z.number().nullable(),
  retention: z.object({
    /** 0 for ever. */
    days: z.number(),
    /** The first that fits a record holds. */
    rules: z.array(z.object({ text: z.string(), days: z.number() })),
    /** Bytes beyond which the oldest days are dropped; null for no bound. */
    maxBytes: z.number().nullable(),
  }),
  /** Whether nodes of the cluster are away, with what they hold. */
  partial: z.boolean(),
  /** The engine's own lists are read, and no record. */
  statistics: statisticsSchema,
});
export type StorageResponse = z.infer<typeof storageResponse>;

/** `GET /api/v1/storage/services`: the services that take the most. */
export const storageServicesRequest = z.object({
  limit: z.coerce.number().int().min(1).max(1000).default(100),
  nodes,
});
export const storageServicesResponse = z.object({
  /** Largest first. Bytes are their share of the tables', judged by a sample of their records. */
  services: z.array(
    z.object({ service: z.string(), logs: z.number(), spans: z.number(), bytes: z.number() }),
  ),
  /** Services beyond `limit`, together. */
  others: z.object({ services: z.number(), logs: z.number(), spans: z.number(), bytes: z.number() }),
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type StorageServicesResponse = z.infer<typeof storageServicesResponse>;
