import {
  type ContextResponse,
  contextRequest,
  contextResponse,
  type LogRow,
  type Statistics,
} from "../../contract/index.ts";
import { logRowOf } from "../log-row.ts";
import type { Ask } from "../question.ts";
import { findRecord } from "../record/find.ts";
import { recordParams } from "../record/route.ts";
import { IN_ORDER } from "../record-settings.ts";
import { type ApiContext, answersOrNone } from "../routes.ts";
import { addStatistics } from "../statistics.ts";
import type { Window } from "../window.ts";
import { neighboursStatement } from "./sql.ts";

/** How far from a record its neighbours are looked for, first near, then far, in milliseconds. */
const REACHES = [3_600_000, 30 * 86_400_000] as const;

/** `GET /logs/{id}/context`: the records around one. */
export function registerContext({ app, ask, clock }: ApiContext): void {
  app.get(
    "/logs/:id/context",
    {
      schema: {
        operationId: "context",
        summary: "The records before and after one, from the same service, host and file",
        tags: ["logs"],
        params: recordParams,
        querystring: contextRequest,
        response: answersOrNone(contextResponse),
      },
    },
    async (request): Promise<ContextResponse> => {
      const { before, after, time } = request.query;
      const begin = performance.now();
      const found = await findRecord(ask, request.params.id, time, clock(), request.signal);
      const { record } = found;
      const [earlier, later] = await Promise.all([
        neighbours(ask, record, "before", before, request.signal),
        neighbours(ask, record, "after", after, request.signal),
      ]);
      return {
        before: earlier.rows.reverse(),
        record,
        after: later.rows,
        partial: earlier.isPartial || later.isPartial,
        statistics: addStatistics(
          [found, earlier, later].map(({ statistics }) => statistics),
          begin,
        ),
      };
    },
  );
}

interface Neighbours {
  /** The nearest first. */
  readonly rows: LogRow[];
  readonly isPartial: boolean;
  readonly statistics: Statistics;
}

async function neighbours(
  ask: Ask,
  record: LogRow,
  side: "before" | "after",
  limit: number,
  signal: AbortSignal,
): Promise<Neighbours> {
  const begin = performance.now();
  const costs: Statistics[] = [];
  let rows: LogRow[] = [];
  let isPartial = false;
  for (const reach of REACHES) {
    if (rows.length >= limit) break;
    const statement = neighboursStatement(record, side, windowBeside(record, side, reach), limit);
    const answer = await ask({ ...statement, atLimit: "fail", settings: IN_ORDER }, signal);
    costs.push(answer.statistics);
    isPartial ||= answer.isPartial;
    rows = answer.rows.map(logRowOf);
  }
  return { rows, isPartial, statistics: addStatistics(costs, begin) };
}

function windowBeside(record: LogRow, side: "before" | "after", reach: number): Window {
  const at = Date.parse(record.timestamp);
  return side === "before" ? { from: Math.max(0, at - reach), to: at + 1 } : { from: at, to: at + reach };
}
