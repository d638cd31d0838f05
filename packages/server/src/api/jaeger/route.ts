import { z } from "zod";
import { PolylogError } from "../../errors.ts";
import { problemOf, STATUS_OF_ERROR, setRetryAfter } from "../../http/problem.ts";
import { readFilter } from "../filter.ts";
import { refuseIfNodesAway, wordsOfNodesAway } from "../nodes-away.ts";
import { WHOLE_RECORDS } from "../record-settings.ts";
import { refusalOf } from "../refusal.ts";
import type { ApiContext } from "../routes.ts";
import { serviceGraph } from "../services/route.ts";
import { spanRowOf } from "../span-row.ts";
import { noSuchTrace, storedTraceId, traceParams } from "../trace/params.ts";
import { spansStatement } from "../trace/sql.ts";
import { matchesQuestion } from "../traces/sql.ts";
import type { Window } from "../window.ts";
import {
  answered,
  dependenciesAnswer,
  namesAnswer,
  operationsAnswer,
  problemAnswer,
  searchParameters,
  tracesAnswer,
} from "./schema.ts";
import { readSearch } from "./search.ts";
import { operationsQuestion, servicesQuestion, spansQuestion } from "./sql.ts";
import { jaegerTraces } from "./trace.ts";

const DAY = 86_400_000;
/** Names of services and operations are those of so many milliseconds; dependencies too, unless told otherwise. */
const NAMES_WINDOW = 7 * DAY;
/** Spans of a trace that is asked for by its id. */
const MOST_SPANS = 10_000;

/** Moments and lengths in milliseconds, as the dependencies are asked for. */
const milliseconds = z.coerce.number().int().min(0).max(4_102_444_800_000).optional();
const service = z.string().min(1).max(512);

/**
 * What Jaeger's pages and Grafana's Jaeger data source ask of a query service, under `/api`: services, their
 * operations, traces by search and by id, and which service calls which.
 */
export function registerJaeger(context: ApiContext): void {
  const { app, ask, limits, clock, log } = context;
  app.setErrorHandler((error, request, reply) => {
    const refusal = refusalOf(error, request, log);
    const code = refusal instanceof PolylogError ? STATUS_OF_ERROR[refusal.code] : 500;
    const { message, remedy } = problemOf(refusal);
    setRetryAfter(reply, refusal);
    const msg = remedy === undefined ? message : `${message} ${remedy}`;
    return reply.code(code).send({ ...answered([]), data: null, errors: [{ code, msg }] });
  });

  const recently = (): Window => ({ from: clock() - NAMES_WINDOW, to: clock() + 1 });
  const operationsOf = async (name: string, signal: AbortSignal) => {
    const { rows, statistics } = await ask(operationsQuestion(recently(), name, limits), signal);
    const operations = rows as readonly (readonly [name: string, kind: string])[];
    return { operations, lacks: wordsOfNodesAway(statistics) };
  };
  const wholeTrace = async (traceId: string, signal: AbortSignal) => {
    const statement = spansStatement(traceId, MOST_SPANS + 1);
    const { rows, statistics } = await ask(
      { ...statement, atLimit: "fail", settings: WHOLE_RECORDS },
      signal,
    );
    if (rows.length === 0) refuseIfNodesAway(statistics);
    if (traceId === "" || rows.length === 0) throw noSuchTrace("trace not found");
    const isCut = rows.length > MOST_SPANS;
    const lacks = wordsOfNodesAway(statistics);
    const warnings = [
      ...(isCut ? [`The trace has more spans than the ${MOST_SPANS} that are sent.`] : []),
      ...(lacks === undefined ? [] : [lacks]),
    ];
    return answered(jaegerTraces(rows.slice(0, MOST_SPANS).map(spanRowOf), warnings), lacks);
  };

  app.get(
    "/services",
    { schema: described("jaegerServices", "Names of services", namesAnswer) },
    async ({ signal }) => {
      const { rows, statistics } = await ask(servicesQuestion(recently(), limits), signal);
      const names = rows.map(([name]) => name as string).filter((name) => name !== "");
      return answered(names, wordsOfNodesAway(statistics));
    },
  );

  app.get(
    "/services/:service/operations",
    {
      schema: {
        ...described("jaegerOperationNames", "Names of a service's operations", namesAnswer),
        params: z.object({ service }),
      },
    },
    async ({ params, signal }) => {
      const { operations, lacks } = await operationsOf(params.service, signal);
      return answered([...new Set(operations.map(([name]) => name))], lacks);
    },
  );

  app.get(
    "/operations",
    {
      schema: {
        ...described("jaegerOperations", "A service's operations with their kinds", operationsAnswer),
        querystring: z.object({ service, spanKind: z.string().max(32).optional() }),
      },
    },
    async ({ query, signal }) => {
      const { operations, lacks } = await operationsOf(query.service, signal);
      const wanted = operations
        .map(([name, spanKind]) => ({ name, spanKind }))
        .filter(({ spanKind }) => !query.spanKind || spanKind === query.spanKind.toLowerCase());
      return answered(wanted, lacks);
    },
  );

  app.get(
    "/traces",
    {
      schema: {
        ...described("jaegerSearch", "Traces by service, operation, tags and duration", tracesAnswer),
        querystring: searchParameters,
      },
    },
    async ({ query, signal }) => {
      const search = readSearch(query, clock());
      let ids = [query.traceID ?? []].flat().map(storedTraceId);
      if (ids.length === 0) {
        const filter = readFilter(search.query, "traces");
        const wanted = { order: "newest", limit: search.limit } as const;
        const found = await ask(matchesQuestion(search.window, filter, wanted, limits), signal);
        ids = found.rows.map(([id]) => id as string);
        if (ids.length === 0) return answered([], wordsOfNodesAway(found.statistics));
      }
      const { rows, statistics } = await ask(spansQuestion(ids), signal);
      const lacks = wordsOfNodesAway(statistics);
      return answered(jaegerTraces(rows.map(spanRowOf), lacks === undefined ? [] : [lacks]), lacks);
    },
  );

  app.get(
    "/traces/:traceId",
    {
      schema: {
        ...described("jaegerTrace", "A trace by its id", tracesAnswer),
        params: traceParams,
      },
    },
    ({ params, signal }) => wholeTrace(storedTraceId(params.traceId), signal),
  );

  app.get(
    "/dependencies",
    {
      schema: {
        ...described("jaegerDependencies", "Which service calls which", dependenciesAnswer),
        querystring: z.object({ endTs: milliseconds, lookback: milliseconds }),
      },
    },
    async ({ query, signal }) => {
      const to = (query.endTs ?? clock()) + 1;
      const window = { from: Math.max(0, to - (query.lookback || NAMES_WINDOW)), to };
      const { nodes, edges, statistics } = await serviceGraph(context, window, signal);
      const services = new Set(nodes.filter(({ kind }) => kind === "service").map(({ name }) => name));
      const calls = edges.filter(({ from, to }) => services.has(from) && services.has(to));
      return answered(
        calls.map(({ from, to, calls }) => ({ parent: from, child: to, callCount: calls })),
        wordsOfNodesAway(statistics),
      );
    },
  );
}

/** A route's description; every refusal has the form that Jaeger's clients read. */
function described<Schema extends z.ZodType>(operationId: string, summary: string, answer: Schema) {
  return {
    operationId,
    summary,
    tags: ["jaeger"],
    response: {
      200: answer,
      400: problemAnswer.describe("A parameter can't be understood"),
      404: problemAnswer.describe("There is no such trace"),
      422: problemAnswer.describe("A limit of time, memory or rows ended the question"),
      503: problemAnswer.describe("The store is away; `Retry-After` says when to try again"),
    },
  };
}
