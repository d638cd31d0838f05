import { type ExplainResponse, explainRequest, explainResponse } from "../../contract/index.ts";
import { createParameters, type Filter, filterToSql, topLevelParts } from "../../query/index.ts";
import { totalQuestion } from "../count/question.ts";
import type { CountedRecords } from "../count-question.ts";
import { isLimit } from "../engine-error.ts";
import { EVERYTHING, type RecordFilter, readFilter } from "../filter.ts";
import type { Answer, Question } from "../question.ts";
import { IN_ORDER } from "../record-settings.ts";
import { type ApiContext, answers } from "../routes.ts";
import { slowConditionSettings } from "../slow-condition.ts";
import { addStatistics } from "../statistics.ts";
import { SUBJECTS, type Subject } from "../subjects.ts";
import { readWindow } from "../window.ts";
import { newestOutsideStatement } from "./sql.ts";

/** Parts that are counted; each is a question of its own. */
const MOST_PARTS = 20;
/** Milliseconds for each: this is shown beside an empty answer, and had better come soon. */
const TIMEOUT = 5_000;

/** `GET /logs/explain` and `GET /traces/explain`: which part of a query excludes everything. */
export function registerExplain(context: ApiContext): void {
  for (const subject of SUBJECTS) registerExplainOf(subject, context);
}

function registerExplainOf(
  { target, tag, things, operation }: Subject,
  { app, ask, limits, clock }: ApiContext,
): void {
  app.get(
    `/${tag}/explain`,
    {
      schema: {
        operationId: operation("explain"),
        summary: `Which part of a query excludes all ${things}`,
        tags: [tag],
        querystring: explainRequest,
        response: answers(explainResponse),
      },
    },
    async (request): Promise<ExplainResponse> => {
      const filter = readFilter(request.query.query, target);
      const window = readWindow(request.query, clock());
      const parts = topLevelParts(filter.tree, filter.text).slice(0, MOST_PARTS);

      const begin = performance.now();
      const asked: Answer[] = [];
      const first = async (question: Question): Promise<unknown> => {
        const answer = await ask(question, request.signal);
        asked.push(answer);
        return answer.rows[0]?.[0];
      };
      const count = async (condition: CountedRecords["condition"]): Promise<number> =>
        Number((await first(totalQuestion(window, condition, limits, TIMEOUT))) ?? 0);
      const newest = async (): Promise<string | null> => {
        const settings = { ...IN_ORDER, ...slowConditionSettings(filter) };
        const statement = newestOutsideStatement(window, filter);
        const found = await first({ ...statement, atLimit: "fail", timeout: TIMEOUT, settings });
        return (found as string | undefined) ?? null;
      };

      const [inWindow, newestMatch, ...counts] = await Promise.all([
        count(EVERYTHING[target]),
        // Not to know it is better than to have no answer at all.
        newest().catch((error: unknown) => (isLimit(error) ? null : Promise.reject(error))),
        ...parts.map((_, index) => count(conditionWithout(filter, index))),
      ]);
      return {
        ...window,
        inWindow,
        parts: parts.map(({ text, start, end }, index) => ({
          text,
          start,
          end,
          countWithout: counts[index] ?? 0,
        })),
        newestMatch,
        partial: asked.some(({ isPartial }) => isPartial),
        statistics: addStatistics(
          asked.map(({ statistics }) => statistics),
          begin,
        ),
      };
    },
  );
}

/** The query without one of its parts. */
function conditionWithout(filter: RecordFilter, index: number): CountedRecords["condition"] {
  const trees: Filter[] = topLevelParts(filter.tree, filter.text)
    .filter((_, other) => other !== index)
    .map(({ tree }) => tree);
  const parameters = createParameters();
  const conditions = trees.map((tree) => filterToSql(tree, filter.target, parameters).sql);
  return { target: filter.target, sql: conditions.join(" AND ") || "true", parameters: parameters.values };
}
