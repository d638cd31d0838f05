import { z } from "zod";
import { logRowSchema, spanRowSchema, statisticsSchema } from "./rows.ts";
import { bounds, nodes, window } from "./window.ts";

/*
 * The part of the HTTP API that is about traces. `query` is the query language on spans. `facets`, `values`, `fields`
 * and `explain` are the same as those of logs, under `/api/v1/traces`.
 */

/** How many of something failed. */
const counted = { spans: z.number(), errors: z.number() } as const;

export const traceSummarySchema = z.object({
  traceId: z.string(),
  /** When its first span began. */
  timestamp: z.string(),
  /** From its first begin to its last end; nanoseconds, decimal text. */
  duration: z.string(),
  /** The root's, or the first span's when the root isn't there. */
  service: z.string(),
  name: z.string(),
  ...counted,
  /** Most spans first. */
  services: z.array(z.object({ service: z.string(), ...counted })),
  /** The span for which it was found: the newest that matches, or the longest. */
  match: z.object({ spanId: z.string(), service: z.string(), name: z.string(), duration: z.string() }),
});
export type TraceSummary = z.infer<typeof traceSummarySchema>;

/** `GET /api/v1/traces`: traces that have a span which matches. */
export const tracesRequest = z.object({
  ...window,
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  order: z.enum(["newest", "longest"]).default("newest").describe("By the spans that match"),
});
export const tracesResponse = z.object({
  ...bounds,
  traces: z.array(traceSummarySchema),
  /** True when there are more than `limit`. */
  hasMore: z.boolean(),
  /** True when a limit ended the search before it was complete. */
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type TracesResponse = z.infer<typeof tracesResponse>;

/** Bands of durations to each doubling: one is 19 % wide. */
export const BANDS_A_DOUBLING = 4;

/** `GET /api/v1/traces/latency`: how long matching spans took, over time. */
export const latencyRequest = z.object({
  ...window,
  columns: z.coerce.number().int().min(1).max(300).default(100).describe("About how many steps of time"),
});
export const latencyResponse = z.object({
  ...bounds,
  /** Width of a column in milliseconds. */
  interval: z.number(),
  /**
   * Where there are spans: those that began in the column of `time` (milliseconds since 1970) and took at least
   * 2^(band / 4) nanoseconds and less than the next band. `longest` is one of them.
   */
  cells: z.array(
    z.object({
      time: z.number(),
      band: z.number(),
      ...counted,
      longest: z.object({
        traceId: z.string(),
        spanId: z.string(),
        /** Nanoseconds, decimal text. */
        duration: z.string(),
        /** When it began; milliseconds since 1970. */
        time: z.number(),
      }),
    }),
  ),
  ...counted,
  /** Nanoseconds below which that share of the spans is; null when there are none. */
  quantiles: z.object({ p50: z.number(), p90: z.number(), p99: z.number() }).nullable(),
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type LatencyResponse = z.infer<typeof latencyResponse>;

/** `GET /api/v1/traces/services`: who calls whom. */
export const servicesRequest = z.object({ from: window.from, to: window.to, nodes });
const latencies = { p50: z.number(), p95: z.number() } as const;
export const serviceNodeSchema = z.object({
  name: z.string(),
  /** A service that sent spans, or what its spans say that they talked to. */
  kind: z.enum(["service", "database", "queue"]),
  /** Requests that came in: roots, and spans of another service's call. */
  calls: z.number(),
  errors: z.number(),
  /** Nanoseconds. */
  ...latencies,
});
export const serviceEdgeSchema = z.object({
  from: z.string(),
  to: z.string(),
  calls: z.number(),
  errors: z.number(),
  /** Nanoseconds, as the called one saw it. */
  ...latencies,
});
export const servicesResponse = z.object({
  ...bounds,
  nodes: z.array(serviceNodeSchema),
  edges: z.array(serviceEdgeSchema),
  /** The share of traces that was looked at, 1 for all; counts are scaled to all. */
  share: z.number(),
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type ServicesResponse = z.infer<typeof servicesResponse>;
export type ServiceNode = z.infer<typeof serviceNodeSchema>;
export type ServiceEdge = z.infer<typeof serviceEdgeSchema>;

/** `GET /api/v1/traces/{traceId}`: the spans of a trace and the logs that carry its id, both by time. */
export const traceRequest = z.object({ nodes });
export const traceResponse = z.object({
  traceId: z.string(),
  spans: z.array(spanRowSchema),
  logs: z.array(logRowSchema),
  /** True when the trace has more spans or logs than are sent. */
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type TraceResponse = z.infer<typeof traceResponse>;

/**
 * `GET /api/v1/traces/{traceId}/outline`: what a waterfall draws of a trace, in columns: a trace of 100,000 spans is
 * 7 MB so, against 100 as rows. Element i of each list is about span i; spans are by time.
 */
export const outlineResponse = z.object({
  traceId: z.string(),
  /** When the first span began; milliseconds since 1970 and the nanoseconds after those. */
  start: z.object({ milliseconds: z.number(), nanoseconds: z.number() }),
  /** Distinct texts, which `services`, `names`, `kinds` and `messages` name by their place. */
  texts: z.array(z.string()),
  ids: z.array(z.string()),
  parents: z.array(z.string()),
  /** Nanoseconds after `start`. */
  starts: z.array(z.number()),
  /** Nanoseconds. */
  durations: z.array(z.number()),
  services: z.array(z.number()),
  names: z.array(z.number()),
  kinds: z.array(z.number()),
  /** Places of the spans that failed, and what their status says. */
  errors: z.array(z.object({ span: z.number(), message: z.string() })),
  /** Events, as nanoseconds after `start`. */
  events: z.array(z.object({ span: z.number(), at: z.number(), name: z.string() })),
  logs: z.array(logRowSchema),
  /** True when the trace has more spans or logs than are sent. */
  partial: z.boolean(),
  statistics: statisticsSchema,
});
export type OutlineResponse = z.infer<typeof outlineResponse>;

/**
 * `GET /api/v1/traces/{traceId}/spans/{spanId}`: one span with all that it says. Some share an id, as the halves of a call do in
 * Zipkin; service and kind tell which is meant, else it is the first.
 */
export const spanRequest = z.object({
  service: z.string().max(4096).optional().describe("The service that sent the span"),
  kind: z.string().max(32).optional().describe("The span's kind"),
});
export type SpanRequest = z.infer<typeof spanRequest>;
export const spanResponse = spanRowSchema;
