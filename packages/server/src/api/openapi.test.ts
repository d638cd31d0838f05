import Fastify, { type FastifyInstance } from "fastify";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { z } from "zod";
import { silentLog } from "../store/testing/store.ts";
import { registerApi } from "./api.ts";
import { NO_BACKUPS } from "./testing/no-backups.ts";
import { NO_ENGINE } from "./testing/no-engine.ts";
import { noIntake } from "./testing/no-intake.ts";

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly { name: string; in: string; required?: boolean; schema: object }[];
  readonly responses: Record<string, { description: string; content?: Record<string, { schema?: object }> }>;
}
interface Document {
  readonly openapi: string;
  readonly paths: Record<string, Record<string, Operation>>;
  readonly components: { readonly schemas: Record<string, object> };
}

let app: FastifyInstance;
let document: Document;
beforeAll(async () => {
  app = Fastify();
  await registerApi(app, {
    engine: NO_ENGINE,
    log: silentLog,
    limits: { timeout: 1_000, memory: 1e9, rows: 1e9 },
    onCommit: () => () => {},
    version: "1.2.3",
    startedAt: 0,
    retention: { days: 1, rules: [], maxBytes: null },
    endpoints: () => ({ http: "", grpc: null }),
    backups: NO_BACKUPS,
    intake: noIntake,
    maxQueuedBytes: 1e6,
    storeSize: async () => ({ logs: 0, spans: 0, bytesOnDisk: 0 }),
    nodes: { away: () => [], recheck: async () => {} },
    clock: () => 0,
  });
  document = (await app.inject("/api/openapi.json")).json();
});
afterAll(() => app.close());

/** Every object in a JSON document. */
function* objectsOf(value: unknown): Generator<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return;
  if (!Array.isArray(value)) yield value as Record<string, unknown>;
  for (const child of Object.values(value)) yield* objectsOf(child);
}

const PATHS = [
  "/api/dependencies",
  "/api/operations",
  "/api/services",
  "/api/services/{service}/operations",
  "/api/traces",
  "/api/traces/{traceId}",
  "/api/v1/backups",
  "/api/v1/backups/{name}",
  "/api/v1/intake",
  "/api/v1/logs",
  "/api/v1/logs/count",
  "/api/v1/logs/explain",
  "/api/v1/logs/facets",
  "/api/v1/logs/fields",
  "/api/v1/logs/histogram",
  "/api/v1/logs/tail",
  "/api/v1/logs/values",
  "/api/v1/logs/{id}",
  "/api/v1/logs/{id}/context",
  "/api/v1/status",
  "/api/v1/storage",
  "/api/v1/storage/services",
  "/api/v1/traces",
  "/api/v1/traces/explain",
  "/api/v1/traces/facets",
  "/api/v1/traces/fields",
  "/api/v1/traces/latency",
  "/api/v1/traces/services",
  "/api/v1/traces/values",
  "/api/v1/traces/{traceId}",
  "/api/v1/traces/{traceId}/outline",
  "/api/v1/traces/{traceId}/spans/{spanId}",
];

describe("the description", () => {
  it("is OpenAPI 3.1 and has every route", () => {
    expect(document.openapi).toBe("3.1.0");
    expect(Object.keys(document.paths).toSorted()).toEqual(PATHS);
    for (const [path, methods] of Object.entries(document.paths))
      expect(Object.keys(methods).toSorted()).toEqual(path === "/api/v1/backups" ? ["get", "post"] : ["get"]);
  });

  it("names each operation once and says what it is for", () => {
    const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const { operationId, summary, tags, responses } of operations) {
      expect(operationId).toMatch(/^[a-z][A-Za-z]+$/);
      expect(summary).not.toBe("");
      expect(tags).toHaveLength(1);
      for (const { description } of Object.values(responses)) expect(description).not.toBe("");
    }
  });

  it("declares each parameter of a path, and no other", () => {
    for (const [path, { get }] of Object.entries(document.paths)) {
      const inPath = (get?.parameters ?? []).filter((parameter) => parameter.in === "path");
      expect(inPath.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
      expect(inPath.every(({ required }) => required === true)).toBe(true);
    }
  });

  it("asks only for what has no default", () => {
    const required = Object.values(document.paths)
      .flatMap(({ get }) => get?.parameters ?? [])
      .filter((parameter) => parameter.in === "query" && parameter.required)
      .map(({ name }) => name);
    expect(new Set(required)).toEqual(new Set(["field", "service"]));
  });

  it("has no reference that leads nowhere, and no schema that nothing refers to", () => {
    const references = [...objectsOf(document)].flatMap(({ $ref }) =>
      typeof $ref === "string" ? [$ref] : [],
    );
    const defined = Object.keys(document.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(new Set(references)).toEqual(new Set(defined));
  });

  it("has schemas that a reader of JSON Schema takes", () => {
    const definitions = Object.fromEntries(
      Object.entries(document.components.schemas).map(([name, schema]) => [
        name,
        JSON.parse(JSON.stringify(schema).replaceAll("#/components/schemas/", "#/$defs/")),
      ]),
    );
    const schemas = Object.values(document.paths).flatMap(({ get }) =>
      Object.values(get?.responses ?? {}).flatMap(({ content }) =>
        Object.values(content ?? {}).map(({ schema }) => schema ?? {}),
      ),
    );
    expect(schemas.length).toBeGreaterThan(PATHS.length * 2);
    for (const schema of schemas) {
      const text = JSON.stringify({ ...schema, $defs: definitions }).replaceAll(
        "#/components/schemas/",
        "#/$defs/",
      );
      expect(() => z.fromJSONSchema(JSON.parse(text))).not.toThrow();
    }
  });

  it("tells a good problem from a bad one", () => {
    const problem = z.fromJSONSchema(document.components.schemas.Problem as never);
    expect(problem.safeParse({ code: "POLYLOG_E_NOT_FOUND", message: "There is none." }).success).toBe(true);
    expect(problem.safeParse({ code: 404 }).success).toBe(false);
  });
});
