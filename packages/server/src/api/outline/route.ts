import { type OutlineResponse, outlineResponse, traceRequest } from "../../contract/index.ts";
import { logRowOf } from "../log-row.ts";
import { refuseIfNodesAway } from "../nodes-away.ts";
import { WHOLE_RECORDS } from "../record-settings.ts";
import { type ApiContext, answersOrNone } from "../routes.ts";
import { addStatistics } from "../statistics.ts";
import { noSuchTrace, storedTraceId, traceParams } from "../trace/params.ts";
import { MOST_LOGS } from "../trace/route.ts";
import { spansStatement, traceLogsStatement } from "../trace/sql.ts";
import { OUTLINE_COLUMNS, outlineOf } from "./outline.ts";

/** What a browser lays out within two seconds, twice. */
const MOST_SPANS = 200_000;

/** `GET /traces/{traceId}/outline`: what a waterfall draws of a trace. */
export function registerOutline({ app, ask }: ApiContext): void {
  app.get(
    "/traces/:traceId/outline",
    {
      schema: {
        operationId: "traceOutline",
        summary: "What a waterfall draws of a trace, in columns, and its logs",
        tags: ["traces"],
        params: traceParams,
        querystring: traceRequest,
        response: answersOrNone(outlineResponse),
      },
    },
    async (request): Promise<OutlineResponse> => {
      const traceId = storedTraceId(request.params.traceId);
      const begin = performance.now();
      const [spans, logs] = await Promise.all([
        ask({ ...spansStatement(traceId, MOST_SPANS + 1, OUTLINE_COLUMNS), atLimit: "fail" }, request.signal),
        ask(
          { ...traceLogsStatement(traceId, MOST_LOGS + 1), atLimit: "fail", settings: WHOLE_RECORDS },
          request.signal,
        ),
      ]);
      const found = spans.rows.length + logs.rows.length;
      if (found === 0) refuseIfNodesAway(spans.statistics, logs.statistics);
      if (traceId === "" || found === 0) throw noSuchTrace();
      return {
        traceId,
        ...outlineOf(spans.rows.slice(0, MOST_SPANS)),
        logs: logs.rows.slice(0, MOST_LOGS).map(logRowOf),
        partial:
          spans.isPartial || logs.isPartial || spans.rows.length > MOST_SPANS || logs.rows.length > MOST_LOGS,
        statistics: addStatistics([spans.statistics, logs.statistics], begin),
      };
    },
  );
}
