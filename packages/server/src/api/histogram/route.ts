import {
  type HistogramResponse,
  histogramRequest,
  histogramResponse,
  type RowLevel,
} from "../../contract/index.ts";
import { levelOfSeverity } from "../../record/severity.ts";
import { readFilter } from "../filter.ts";
import { type ApiContext, answers } from "../routes.ts";
import { readWindow } from "../window.ts";
import { niceInterval } from "./interval.ts";
import { histogramQuestion } from "./question.ts";

/** `GET /logs/histogram`: counts over time, by level. */
export function registerHistogram({ app, ask, limits, clock }: ApiContext): void {
  app.get(
    "/logs/histogram",
    {
      schema: {
        operationId: "histogram",
        summary: "How many records match, over time and by level",
        tags: ["logs"],
        querystring: histogramRequest,
        response: answers(histogramResponse),
      },
    },
    async (request): Promise<HistogramResponse> => {
      const filter = readFilter(request.query.query);
      const window = readWindow(request.query, clock());
      const interval = niceInterval(window.to - window.from, request.query.buckets);
      const answer = await ask(histogramQuestion(window, filter, interval / 1000, limits), request.signal);
      return {
        ...window,
        interval,
        ...barsOf(answer.rows as readonly HistogramValues[], interval),
        partial: answer.isPartial,
        statistics: answer.statistics,
      };
    },
  );
}

type HistogramValues = readonly [bar: number, severityNumber: number, count: string];

function barsOf(
  rows: readonly HistogramValues[],
  interval: number,
): Pick<HistogramResponse, "buckets" | "total"> {
  const buckets: { time: number; counts: Partial<Record<RowLevel, number>> }[] = [];
  let total = 0;
  for (const [index, severityNumber, text] of rows) {
    const time = Number(index) * interval;
    const count = Number(text);
    const level = levelOfSeverity(severityNumber);
    let bar = buckets.at(-1);
    if (bar === undefined || bar.time !== time) {
      bar = { time, counts: {} };
      buckets.push(bar);
    }
    bar.counts[level] = (bar.counts[level] ?? 0) + count;
    total += count;
  }
  return { buckets, total };
}
