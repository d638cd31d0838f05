import { z } from "zod";
import { levelSchema, logRowSchema, statisticsSchema } from "./rows.ts";
import { spoolSchema } from "./spool.ts";
import { bounds, nodes, window } from "./window.ts";

/**
 * The HTTP API, route by route. All are `GET` under `/api/v1`. `query` is the query language; `from` (inclusive)
 * and `to` (exclusive) are RFC 3339 or milliseconds since 1970, or relative like `now-15m`; without them a
 * question covers the last 15 minutes. Every call is bounded in time, memory and rows, and is cancelled when
 * its caller leaves.
 */
export { API_PREFIX } from "./prefix.ts";

/** `GET /api/v1/logs`: rows, newest first unless `order` says otherwise. */
export const searchRequest = z.object({
  ...window,
  limit: z.coerce.number().int().min(1).max(10_000).default(100),
  order: z.enum(["desc", "asc"]).default("desc"),
  cursor: z.string().optional().describe("nextCursor of the page before"),
});
export const searchResponse = z.object({
  ...bounds,
  rows: z.array(logRowSchema),
  /** Continue from here; null at the end. */
  nextCursor: z.string().nullable(),
  /** True when a limit ended the search before it was complete. */
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type SearchResponse = z.infer<typeof searchResponse>;

/** `GET /api/v1/logs/histogram`: counts over time, by level. */
export const histogramRequest = z.object({
  ...window,
  buckets: z.coerce.number().int().min(1).max(500).default(60).describe("About how many bars"),
});
export const histogramResponse = z.object({
  ...bounds,
  /** Width of a bar in milliseconds. */
  interval: z.number(),
  /** Bars that have records, ascending; `time` is the start of the bar in milliseconds since 1970. */
  buckets: z.array(z.object({ time: z.number(), counts: z.partialRecord(levelSchema, z.number()) })),
  total: z.number(),
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type HistogramResponse = z.infer<typeof histogramResponse>;

/** `GET /api/v1/logs/count`: how many records match, without the records; the quickest way to know. */
export const countRequest = z.object(window);
export const countResponse = z.object({
  ...bounds,
  count: z.number(),
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type CountResponse = z.infer<typeof countResponse>;

/** `GET /api/v1/logs/facets`: the commonest values of some fields. */
export const facetsRequest = z.object({
  ...window,
  fields: z.string().describe("Comma-separated field names").default("level,service,logger,host,runtime"),
  limit: z.coerce.number().int().min(1).max(1000).default(10),
});
export const facetSchema = z.object({
  field: z.string(),
  values: z.array(z.object({ value: z.string(), count: z.number() })),
  /** True when counts come from a sample or from hourly sums and are close, not exact. */
  approximate: z.boolean(),
});
export const facetsResponse = z.object({
  ...bounds,
  facets: z.array(facetSchema),
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type FacetsResponse = z.infer<typeof facetsResponse>;

/** `GET /api/v1/logs/fields`: the names of fields that records in the window have. */
export const fieldsRequest = z.object({
  from: window.from,
  to: window.to,
  nodes,
  prefix: z.string().max(256).default(""),
  limit: z.coerce.number().int().min(1).max(5000).default(500),
});
export const fieldSchema = z.object({
  name: z.string(),
  kind: z.enum(["column", "attribute", "resource", "scope"]),
  count: z.number(),
});
export const fieldsResponse = z.object({
  fields: z.array(fieldSchema),
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type FieldsResponse = z.infer<typeof fieldsResponse>;

/** `GET /api/v1/logs/values`: values of one field that begin with `prefix` (any case), commonest first. */
export const valuesRequest = z.object({
  ...window,
  field: z.string().min(1).max(512),
  prefix: z.string().max(256).default(""),
  limit: z.coerce.number().int().min(1).max(1000).default(50),
});
export const valuesResponse = z.object({
  values: z.array(z.object({ value: z.string(), count: z.number() })),
  approximate: z.boolean(),
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type ValuesResponse = z.infer<typeof valuesResponse>;

/** `GET /api/v1/logs/{id}`: one record. `time` (its timestamp) makes it quick to find. */
export const recordRequest = z.object({ time: z.string().optional() });
export const recordResponse = logRowSchema;

/** `GET /api/v1/logs/{id}/context`: the records before and after it from the same service, host and file. */
export const contextRequest = z.object({
  time: z.string().optional(),
  before: z.coerce.number().int().min(0).max(500).default(10),
  after: z.coerce.number().int().min(0).max(500).default(10),
  nodes,
});
export const contextResponse = z.object({
  /** Oldest first. */
  before: z.array(logRowSchema),
  record: logRowSchema,
  /** Oldest first. */
  after: z.array(logRowSchema),
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type ContextResponse = z.infer<typeof contextResponse>;

/**
 * `GET /api/v1/logs/explain`: which part of a query excludes everything. For each part of the outermost AND,
 * how many records match the query without it.
 */
export const explainRequest = z.object(window);
export const explainResponse = z.object({
  ...bounds,
  /** Records in the window, whatever the query. */
  inWindow: z.number(),
  parts: z.array(
    z.object({ text: z.string(), start: z.number(), end: z.number(), countWithout: z.number() }),
  ),
  /** The time of the newest record that matches outside the window, if there is one. */
  newestMatch: z.string().nullable(),
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type ExplainResponse = z.infer<typeof explainResponse>;

/**
 * `GET /api/v1/logs/tail`: server-sent events.
 * `event: rows` data {@link tailRows}; `event: problem` data `problemSchema`; a comment line every 15 s.
 * Each event's `id` is the last record's id: a reconnect with `Last-Event-ID` goes on from there.
 */
export const tailRequest = z.object({
  query: window.query,
  /** Rows a second above which the server samples evenly. */
  rate: z.coerce.number().int().min(1).max(1000).default(50),
  /** Begin with the newest n records that match. */
  backlog: z.coerce.number().int().min(0).max(1000).default(0),
});
export const tailRows = z.object({
  /** In order of arrival. */
  rows: z.array(logRowSchema),
  /** How many matched, of which `rows` is an even sample. */
  matched: z.number(),
});
export type TailRows = z.infer<typeof tailRows>;

/** `GET /api/v1/status`: what the pages show of the server itself. */
export const statusResponse = z.object({
  version: z.string(),
  ready: z.boolean(),
  /** `starting`, `ready`, `restarting`, `stopped`. */
  engine: z.object({
    kind: z.enum(["embedded", "remote"]),
    state: z.string(),
    version: z.string().nullable(),
    /** The nodes of a cluster; absent for one server. */
    nodes: z.array(z.object({ name: z.string(), isAway: z.boolean() })).optional(),
  }),
  /** Milliseconds since 1970. */
  startedAt: z.number(),
  now: z.number(),
  logs: z.number(),
  spans: z.number(),
  bytesOnDisk: z.number(),
  /** Absent without a spool. */
  spool: spoolSchema.optional(),
  retentionDays: z.number(),
  /** Where clients send to, as base URLs or host:port; null when not listening. */
  endpoints: z.object({
    http: z.string(),
    grpc: z.string().nullable(),
    /** The receivers with ports of their own, each as host:port. */
    receivers: z
      .array(
        z.object({ receiver: z.string(), transport: z.enum(["udp", "tcp", "tls"]), address: z.string() }),
      )
      .optional(),
    /** Whether every request has to carry the server's token. */
    asksForToken: z.boolean().optional(),
  }),
});
export type StatusResponse = z.infer<typeof statusResponse>;
