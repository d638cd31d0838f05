import { z } from "zod";

/**
 * The JSON that Jaeger's query service answers with, which its pages and Grafana's data source read. Times and lengths
 * are microseconds. Source: jaegertracing/jaeger, `internal/uimodel`.
 */
const keyValue = z.object({ key: z.string(), type: z.enum(["string", "bool", "int64"]), value: z.unknown() });
export type KeyValue = z.infer<typeof keyValue>;

const span = z.object({
  traceID: z.string(),
  spanID: z.string(),
  flags: z.number(),
  operationName: z.string(),
  references: z.array(
    z.object({ refType: z.enum(["CHILD_OF", "FOLLOWS_FROM"]), traceID: z.string(), spanID: z.string() }),
  ),
  startTime: z.number(),
  duration: z.number(),
  tags: z.array(keyValue),
  logs: z.array(z.object({ timestamp: z.number(), fields: z.array(keyValue) })),
  processID: z.string(),
  warnings: z.null(),
});
export type JaegerSpan = z.infer<typeof span>;

const trace = z.object({
  traceID: z.string(),
  spans: z.array(span),
  processes: z.record(z.string(), z.object({ serviceName: z.string(), tags: z.array(keyValue) })),
  warnings: z.array(z.string()).nullable(),
});
export type JaegerTrace = z.infer<typeof trace>;

const errors = z.array(z.object({ code: z.number(), msg: z.string() }));

/** What every answer is wrapped in. */
function answer<Schema extends z.ZodType>(data: Schema) {
  return z.object({
    data: data.nullable(),
    total: z.number(),
    limit: z.number(),
    offset: z.number(),
    errors: errors.nullable(),
  });
}

export const tracesAnswer = answer(z.array(trace));
export const namesAnswer = answer(z.array(z.string()));
export const operationsAnswer = answer(z.array(z.object({ name: z.string(), spanKind: z.string() })));
export const dependenciesAnswer = answer(
  z.array(z.object({ parent: z.string(), child: z.string(), callCount: z.number() })),
);
export const problemAnswer = answer(z.null());

const one = z.string().max(16_384);
const several = z.union([one, z.array(one).max(100)]).optional();

/** What a search may ask for. Clients send parameters without a value for fields that were left empty. */
export const searchParameters = z.object({
  service: z.string().max(512).optional(),
  operation: z.string().max(512).optional(),
  tag: several.describe("key:value"),
  tags: several.describe("A JSON object of texts"),
  start: z.string().max(32).optional().describe("Microseconds since 1970"),
  end: z.string().max(32).optional().describe("Microseconds since 1970"),
  lookback: z.string().max(32).optional().describe("Instead of start, such as 1h"),
  minDuration: z.string().max(32).optional().describe("Such as 1.2s or 100ms"),
  maxDuration: z.string().max(32).optional(),
  limit: z.string().max(8).optional().describe("Traces; 20 without it, at most 1500"),
  traceID: several.describe("These traces, instead of a search"),
});
export type SearchParameters = z.infer<typeof searchParameters>;

/**
 * An answer with its data.
 *
 * @param lacks what to say of what is missing in it: as an error beside the data, as Jaeger says which of several traces
 *   it has not found
 */
export function answered<Data extends readonly unknown[]>(data: Data, lacks?: string) {
  const errors = lacks === undefined ? null : [{ code: 503, msg: lacks }];
  return { data, total: data.length, limit: 0, offset: 0, errors };
}
