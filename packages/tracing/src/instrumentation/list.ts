import type { IncomingMessage } from "node:http";
import { isForMetrics } from "../metrics/server.ts";

/** An instrumentation that is made when its package is installed. */
interface Known {
  readonly package: string;
  /** The class that the package exports. */
  readonly type: string;
  readonly config?: object;
}

/**
 * OpenTelemetry's instrumentations of what people use, by the short names of `OTEL_NODE_ENABLED_INSTRUMENTATIONS`. All of them only
 * act when the library they are for is loaded.
 */
export const INSTRUMENTATIONS = {
  http: {
    package: "@opentelemetry/instrumentation-http",
    type: "HttpInstrumentation",
    config: { ignoreIncomingRequestHook: (request: IncomingMessage) => isForMetrics(request) },
  },
  undici: { package: "@opentelemetry/instrumentation-undici", type: "UndiciInstrumentation" },
  express: { package: "@opentelemetry/instrumentation-express", type: "ExpressInstrumentation" },
  // By fastify's own makers: OpenTelemetry's was given up for it.
  fastify: {
    package: "@fastify/otel",
    type: "FastifyOtelInstrumentation",
    config: { registerOnInitialization: true },
  },
  pg: { package: "@opentelemetry/instrumentation-pg", type: "PgInstrumentation" },
  mysql2: { package: "@opentelemetry/instrumentation-mysql2", type: "MySQL2Instrumentation" },
  redis: { package: "@opentelemetry/instrumentation-redis", type: "RedisInstrumentation" },
  mongodb: { package: "@opentelemetry/instrumentation-mongodb", type: "MongoDBInstrumentation" },
  grpc: { package: "@opentelemetry/instrumentation-grpc", type: "GrpcInstrumentation" },
  aerospike: { package: "@polylog/aerospike", type: "AerospikeInstrumentation" },
} as const satisfies Record<string, Known>;

export type InstrumentationName = keyof typeof INSTRUMENTATIONS;

export const INSTRUMENTATION_NAMES = Object.keys(INSTRUMENTATIONS) as readonly InstrumentationName[];
