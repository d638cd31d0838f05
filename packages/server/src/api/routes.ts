import type { IncomingMessage, ServerResponse } from "node:http";
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from "fastify";
import type { ZodTypeProvider } from "fastify-type-provider-zod";
import type { z } from "zod";
import { problemSchema } from "../contract/index.ts";
import type { ApiDependencies } from "./dependencies.ts";
import type { Ask } from "./question.ts";

export type ApiApp = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** What each route is given. */
export interface ApiContext extends ApiDependencies {
  readonly app: ApiApp;
  readonly ask: Ask;
  /** Whether parts of logs wait for their text index. */
  readonly hasFreshParts: () => boolean;
}

/** The problems that any question can meet, for a route's description. */
export const QUESTION_PROBLEMS = {
  400: problemSchema.describe("The query or a parameter can't be understood"),
  422: problemSchema.describe("A limit of time, memory or rows ended the query"),
  503: problemSchema.describe("The store is away; `Retry-After` says when to try again"),
} as const;

/** The answers of a route that asks the store. */
export function answers<Schema extends z.ZodType>(schema: Schema) {
  return { 200: schema, ...QUESTION_PROBLEMS };
}

/** The same for a route that looks for one thing. */
export function answersOrNone<Schema extends z.ZodType>(schema: Schema) {
  return { ...answers(schema), 404: problemSchema.describe("There is no such record or trace") };
}
