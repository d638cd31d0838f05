import { type TraceResponse, traceRequest, traceResponse } from "../../contract/index.ts";
import { logRowOf } from "../log-row.ts";
import { refuseIfNodesAway } from "../nodes-away.ts";
import { WHOLE_RECORDS } from "../record-settings.ts";
import { type ApiContext, answersOrNone } from "../routes.ts";
import { spanRowOf } from "../span-row.ts";
import { addStatistics } from "../statistics.ts";
import { noSuchTrace, storedTraceId, traceParams } from "./params.ts";
import { spansStatement, traceLogsStatement } from "./sql.ts";

const MOST_SPANS = 10_000;
/** Logs of one trace in an answer. */
export const MOST_LOGS = 5_000;

/** `GET /traces/{traceId}`: the spans of a trace and the logs that carry its id. */
export function registerTrace({ app, ask }: ApiContext): void {
  app.get(
    "/traces/:traceId",
    {
      schema: {
        operationId: "trace",
        summary: "The spans of a trace and the logs that carry its id",
        tags: ["traces"],
        params: traceParams,
        querystring: traceRequest,
        response: answersOrNone(traceResponse),
      },
    },
    async (request): Promise<TraceResponse> => {
      const traceId = storedTraceId(request.params.traceId);
      const begin = performance.now();
      const question = { atLimit: "fail", settings: WHOLE_RECORDS } as const;
      const [spans, logs] = await Promise.all([
        ask({ ...spansStatement(traceId, MOST_SPANS + 1), ...question }, request.signal),
        ask({ ...traceLogsStatement(traceId, MOST_LOGS + 1), ...question }, request.signal),
      ]);
      // An empty id is what records without a trace have: they are not one trace.
      const found = spans.rows.length + logs.rows.length;
      if (found === 0) refuseIfNodesAway(spans.statistics, logs.statistics);
      if (traceId === "" || found === 0) throw noSuchTrace();
      return {
        traceId,
        spans: spans.rows.slice(0, MOST_SPANS).map(spanRowOf),
        logs: logs.rows.slice(0, MOST_LOGS).map(logRowOf),
        partial:
          spans.isPartial || logs.isPartial || spans.rows.length > MOST_SPANS || logs.rows.length > MOST_LOGS,
        statistics: addStatistics([spans.statistics, logs.statistics], begin),
      };
    },
  );
}
