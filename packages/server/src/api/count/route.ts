import { type CountResponse, countRequest, countResponse } from "../../contract/index.ts";
import { readFilter } from "../filter.ts";
import { type ApiContext, answers } from "../routes.ts";
import { readWindow } from "../window.ts";
import { totalQuestion } from "./question.ts";
import { createCountWord } from "./word.ts";

/** `GET /logs/count`: how many records match. */
export function registerCount(context: ApiContext): void {
  const { app, ask, limits, clock } = context;
  const countWord = createCountWord(context);
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
      const word = await countWord(window, filter, request.signal);
      if (word !== null) {
        return { ...window, count: word.count, partial: word.isPartial, statistics: word.statistics };
      }
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
