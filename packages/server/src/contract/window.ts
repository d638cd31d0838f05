import { z } from "zod";

/** What almost every question takes. */
/** What is done while nodes of a cluster are away. */
export const nodes = z
  .enum(["any", "all"])
  .default("any")
  .describe("all: an error, rather than an answer without what is on nodes of the cluster that are away");

export const window = {
  query: z.string().max(16_384).default("").describe("Query language; empty for everything"),
  from: z.string().optional().describe("Inclusive start: RFC 3339, milliseconds since 1970, or now-15m"),
  to: z.string().optional().describe("Exclusive end, like from"),
  nodes,
} as const;

/** The bounds that an answer is about, as milliseconds since 1970. */
export const bounds = { from: z.number(), to: z.number() } as const;
