import fastifySwagger from "@fastify/swagger";
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from "fastify-type-provider-zod";
import { z } from "zod";
import {
  attributesSchema,
  levelSchema,
  logRowSchema,
  problemSchema,
  serviceEdgeSchema,
  serviceNodeSchema,
  spanRowSchema,
  statisticsSchema,
  traceSummarySchema,
} from "../contract/index.ts";
import type { ApiApp } from "./routes.ts";

/** The shapes that several routes share, which the description names. */
const schemaRegistry = z.registry<{ id?: string }>();
for (const [id, schema] of Object.entries({
  Attributes: attributesSchema,
  Level: levelSchema,
  LogRow: logRowSchema,
  Problem: problemSchema,
  ServiceEdge: serviceEdgeSchema,
  ServiceNode: serviceNodeSchema,
  SpanRow: spanRowSchema,
  Statistics: statisticsSchema,
  TraceSummary: traceSummarySchema,
})) {
  schemaRegistry.add(schema, { id });
}

const describeSchemas = createJsonSchemaTransformObject({ schemaRegistry });

const DESCRIPTION = `Search logs and traces. \`query\` is Polylog's query language; \`from\` (inclusive) and \`to\` (exclusive) are
RFC 3339, milliseconds since 1970, or relative like \`now-15m\`; without them a question covers the last 15 minutes.
Every call is bounded in time, memory and rows, and is cancelled when its caller leaves.`;

/** Describes the routes that are registered on `app` after it, from their zod schemas, as OpenAPI 3.1. */
export async function registerOpenApi(app: ApiApp, version: string): Promise<void> {
  await app.register(fastifySwagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Polylog",
        description: DESCRIPTION,
        version,
        license: { name: "MIT", identifier: "MIT" },
      },
      tags: [
        { name: "logs", description: "Records" },
        { name: "traces", description: "Spans and what belongs to them" },
        { name: "jaeger", description: "Traces as Jaeger's query service answers them, for its clients" },
        { name: "server", description: "The server itself" },
      ],
    },
    transform: createJsonSchemaTransform({ schemaRegistry }),
    transformObject: (document) => withoutUnused(describeSchemas(document)),
  });
  app.get("/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}

/** The part of an OpenAPI document that {@link withoutUnused} looks at. */
interface Description {
  readonly paths?: object;
  readonly components?: { readonly schemas?: Readonly<Record<string, object>> };
}

const REFERENCE = /"#\/components\/schemas\/([^"]+)"/g;

/** Leaves out schemas that no route leads to: the library describes each twice, as it is sent and as it is taken. */
function withoutUnused<Document extends object>(document: Document): Document {
  const { paths = {}, components = {} } = document as Description;
  const schemas = components.schemas ?? {};
  const used = new Set<string>();
  const follow = (value: unknown) => {
    for (const [, name = ""] of JSON.stringify(value).matchAll(REFERENCE)) {
      if (used.has(name)) continue;
      used.add(name);
      follow(schemas[name] ?? {});
    }
  };
  follow(paths);
  const kept = Object.fromEntries(Object.entries(schemas).filter(([name]) => used.has(name)));
  return { ...document, components: { ...components, schemas: kept } };
}
