import { type TracesResponse, tracesRequest, tracesResponse } from "../../contract/index.ts";
import { readFilter } from "../filter.ts";
import { type ApiContext, answers } from "../routes.ts";
import { addStatistics } from "../statistics.ts";
import { readWindow } from "../window.ts";
import { matchesQuestion, summariesQuestion } from "./sql.ts";
import { summariesOf } from "./summary.ts";

/** `GET /traces`: traces that have a span which matches. */
export function registerTraces({ app, ask, limits, clock }: ApiContext): void {
  app.get(
    "/traces",
    {
      schema: {
        operationId: "searchTraces",
        summary: "Traces that have a span which matches a query",
        tags: ["traces"],
        querystring: tracesRequest,
        response: answers(tracesResponse),
      },
    },
    async (request): Promise<TracesResponse> => {
      const { query, limit, order } = request.query;
      const filter = readFilter(query, "traces");
      const window = readWindow(request.query, clock());
      const begin = performance.now();
      // One more than asked tells whether there are more.
      const found = await ask(
        matchesQuestion(window, filter, { order, limit: limit + 1 }, limits),
        request.signal,
      );
      const matches = found.rows.slice(0, limit);
      const ids = matches.map(([traceId]) => traceId as string);
      const parts = ids.length === 0 ? undefined : await ask(summariesQuestion(ids), request.signal);
      return {
        ...window,
        traces: summariesOf(matches, parts?.rows ?? []),
        hasMore: found.rows.length > limit,
        partial: found.isPartial || parts?.isPartial === true,
        statistics: addStatistics(
          [found, ...(parts === undefined ? [] : [parts])].map(({ statistics }) => statistics),
          begin,
        ),
      };
    },
  );
}
