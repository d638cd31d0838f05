import { z } from "zod";

/**
 * The shapes that the HTTP API answers with, shared by the API, the command line and the pages.
 * Times in rows are RFC 3339 with nanoseconds, UTC; 64-bit numbers are decimal text.
 */
export const attributesSchema = z.record(z.string(), z.string());

export const levelSchema = z.enum(["trace", "debug", "info", "warn", "error", "fatal", "unset"]);
export type RowLevel = z.infer<typeof levelSchema>;

export const logRowSchema = z.object({
  /** Unique, ascending in order of arrival. Decimal text of a 64-bit number. */
  id: z.string(),
  timestamp: z.string(),
  observedTimestamp: z.string(),
  level: levelSchema,
  severityNumber: z.number(),
  severityText: z.string(),
  service: z.string(),
  logger: z.string(),
  host: z.string(),
  runtime: z.string(),
  body: z.string(),
  eventName: z.string(),
  traceId: z.string(),
  spanId: z.string(),
  /** The receiver that took it in: `otlp`, `jsonl`, `file`, … */
  receiver: z.string(),
  attributes: attributesSchema,
  resource: attributesSchema,
  scope: attributesSchema,
});
export type LogRow = z.infer<typeof logRowSchema>;

export const spanRowSchema = z.object({
  traceId: z.string(),
  spanId: z.string(),
  parentSpanId: z.string(),
  name: z.string(),
  kind: z.string(),
  service: z.string(),
  host: z.string(),
  runtime: z.string(),
  scope: z.string(),
  timestamp: z.string(),
  /** Nanoseconds, decimal text. */
  duration: z.string(),
  statusCode: z.enum(["Unset", "Ok", "Error"]),
  statusMessage: z.string(),
  attributes: attributesSchema,
  resource: attributesSchema,
  events: z.array(z.object({ timestamp: z.string(), name: z.string(), attributes: attributesSchema })),
  links: z.array(z.object({ traceId: z.string(), spanId: z.string(), attributes: attributesSchema })),
});
export type SpanRow = z.infer<typeof spanRowSchema>;

/** What a question cost. */
export const statisticsSchema = z.object({
  elapsedMs: z.number(),
  rowsRead: z.number(),
  bytesRead: z.number(),
  nodesAway: z
    .array(z.string())
    .optional()
    .describe(
      "Nodes of the cluster that are away: the answer lacks what they hold. Absent when there are none",
    ),
});
export type Statistics = z.infer<typeof statisticsSchema>;

/** The body of every answer that is not a success. */
export const problemSchema = z.object({
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  /** Where in the query text the error lies: offsets in UTF-16 code units, end exclusive. */
  position: z.object({ start: z.number(), end: z.number() }).optional(),
  expected: z.array(z.string()).optional(),
});
export type Problem = z.infer<typeof problemSchema>;
