import { type LatencyResponse, latencyRequest, latencyResponse } from "../../contract/index.ts";
import { readFilter } from "../filter.ts";
import { niceInterval } from "../histogram/interval.ts";
import { type ApiContext, answers } from "../routes.ts";
import { addStatistics } from "../statistics.ts";
import { readWindow } from "../window.ts";
import { cellsQuestion, quantilesQuestion } from "./sql.ts";

/** `GET /traces/latency`: how long matching spans took, over time. */
export function registerLatency({ app, ask, limits, clock }: ApiContext): void {
  app.get(
    "/traces/latency",
    {
      schema: {
        operationId: "latency",
        summary: "How long the spans that match took, over time",
        tags: ["traces"],
        querystring: latencyRequest,
        response: answers(latencyResponse),
      },
    },
    async (request): Promise<LatencyResponse> => {
      const filter = readFilter(request.query.query, "traces");
      const window = readWindow(request.query, clock());
      const interval = niceInterval(window.to - window.from, request.query.columns);
      const begin = performance.now();
      const [cells, all] = await Promise.all([
        ask(cellsQuestion(window, filter, interval, limits), request.signal),
        ask(quantilesQuestion(window, filter, limits), request.signal),
      ]);
      const [spans, errors, quantiles] = (all.rows[0] ?? ["0", "0", []]) as AllValues;
      const [p50 = 0, p90 = 0, p99 = 0] = quantiles;
      return {
        ...window,
        interval,
        cells: (cells.rows as readonly CellValues[]).map(([step, band, count, failed, longest]) => ({
          time: Number(step) * interval,
          band,
          spans: Number(count),
          errors: Number(failed),
          longest: {
            traceId: longest[0],
            spanId: longest[1],
            duration: longest[2],
            time: Number(longest[3]),
          },
        })),
        spans: Number(spans),
        errors: Number(errors),
        quantiles: Number(spans) === 0 ? null : { p50, p90, p99 },
        partial: cells.isPartial || all.isPartial,
        statistics: addStatistics([cells.statistics, all.statistics], begin),
      };
    },
  );
}

type AllValues = readonly [spans: string, errors: string, quantiles: readonly number[]];
type CellValues = readonly [
  step: string,
  band: number,
  spans: string,
  errors: string,
  longest: readonly [traceId: string, spanId: string, duration: string, time: string],
];
