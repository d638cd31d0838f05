import { type CountResponse, countRequest, countResponse } from "../../contract/index.ts";
import { readFilter } from "../filter.ts";
import { type ApiContext, answers } from "../routes.ts";
import { readWindow } from "../window.ts";
import { totalQuestion } from "./question.ts";

/** `GET /logs/count`: how many records match. */
export function registerCount({ app, ask, limits, clock }: ApiContext): void {
  app.get(
    "/logs/count",
    {
      schema: {
        operationId: "countLogs",
        summary: "How many records match",
        tags: ["logs"],
        querystring: countRequest,
        response: answers(countResponse),
      },
    },
    async (request): Promise<CountResponse> => {
      const filter = readFilter(request.query.query);
      const window = readWindow(request.query, clock());
      const answer = await ask(totalQuestion(window, filter, limits), request.signal);
      return {
        ...window,
        count: Number(answer.rows[0]?.[0] ?? 0),
        partial: answer.isPartial,
        statistics: answer.statistics,
      };
    },
  );
}
