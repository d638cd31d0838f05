import { z } from "zod";
import { type SpanRow, spanRequest, spanResponse } from "../../contract/index.ts";
import { refuseIfNodesAway } from "../nodes-away.ts";
import { WHOLE_RECORDS } from "../record-settings.ts";
import { type ApiContext, answersOrNone } from "../routes.ts";
import { spanRowOf } from "../span-row.ts";
import { noSuchTrace, storedTraceId, traceParams } from "../trace/params.ts";
import { spanStatement } from "../trace/sql.ts";

const params = traceParams.extend({ spanId: z.string().max(64).describe("16 hexadecimal digits") });

/** `GET /traces/{traceId}/spans/{spanId}`: one span with all that it says. */
export function registerSpan({ app, ask }: ApiContext): void {
  app.get(
    "/traces/:traceId/spans/:spanId",
    {
      schema: {
        operationId: "span",
        summary: "One span with all that it says",
        tags: ["traces"],
        params,
        querystring: spanRequest,
        response: answersOrNone(spanResponse),
      },
    },
    async (request): Promise<SpanRow> => {
      const { traceId, spanId } = request.params;
      const statement = spanStatement(storedTraceId(traceId), spanId.toLowerCase(), request.query);
      const { rows, statistics } = await ask(
        { ...statement, atLimit: "fail", settings: WHOLE_RECORDS },
        request.signal,
      );
      const [row] = rows;
      if (row === undefined) refuseIfNodesAway(statistics);
      if (row === undefined || traceId === "") throw noSuchTrace("There is no such span in this trace.");
      return spanRowOf(row);
    },
  );
}
