import { type ServicesResponse, servicesRequest, servicesResponse } from "../../contract/index.ts";
import { totalQuestion } from "../count/question.ts";
import { EVERYTHING } from "../filter.ts";
import { type ApiContext, answers } from "../routes.ts";
import { addStatistics } from "../statistics.ts";
import { readWindow, type Window } from "../window.ts";
import { graphOf } from "./graph.ts";
import { callsQuestion, everyNthTrace, peersQuestion } from "./sql.ts";

/** `GET /traces/services`: who calls whom. */
export function registerServices(context: ApiContext): void {
  const { app, clock } = context;
  app.get(
    "/traces/services",
    {
      schema: {
        operationId: "services",
        summary: "Which services call which, and the databases and queues that they use",
        tags: ["traces"],
        querystring: servicesRequest,
        response: answers(servicesResponse),
      },
    },
    (request): Promise<ServicesResponse> =>
      serviceGraph(context, readWindow(request.query, clock()), request.signal),
  );
}

/** The services of a window and their calls. */
export async function serviceGraph(
  { ask, limits }: Pick<ApiContext, "ask" | "limits">,
  window: Window,
  signal: AbortSignal,
): Promise<ServicesResponse> {
  const begin = performance.now();
  const all = await ask(totalQuestion(window, EVERYTHING.traces, limits), signal);
  const nth = everyNthTrace(Number(all.rows[0]?.[0] ?? 0));
  const [calls, peers] = await Promise.all([
    ask(callsQuestion(window, nth, limits), signal),
    ask(peersQuestion(window, nth, limits), signal),
  ]);
  return {
    ...window,
    ...graphOf(calls.rows, peers.rows, nth),
    share: 1 / nth,
    partial: all.isPartial || calls.isPartial || peers.isPartial,
    statistics: addStatistics(
      [all, calls, peers].map(({ statistics }) => statistics),
      begin,
    ),
  };
}
