import { type SearchResponse, searchRequest, searchResponse } from "../../contract/index.ts";
import { instantNanoseconds } from "../../query/instant.ts";
import { isTimeLimit } from "../engine-error.ts";
import { readFilter } from "../filter.ts";
import { logRowOf } from "../log-row.ts";
import type { Answer } from "../question.ts";
import { IN_ORDER, WITHOUT_TEXT_INDEX } from "../record-settings.ts";
import { type ApiContext, answers } from "../routes.ts";
import { slowConditionSettings } from "../slow-condition.ts";
import { readWindow, type Window } from "../window.ts";
import { type Cursor, readCursor, writeCursor } from "./cursor.ts";
import { type Order, searchStatement, windowAfter } from "./sql.ts";

/** Share of the time that the whole window gets, before a part of it is tried with what is left. */
const FIRST_SHARE = 0.6;
/** The part of the window, at the end where the rows are asked from, that is tried then. */
const NARROWED = 1 / 32;

/** `GET /logs`: a page of records. */
export function registerSearch({ app, ask, limits, clock, hasFreshParts }: ApiContext): void {
  app.get(
    "/logs",
    {
      schema: {
        operationId: "searchLogs",
        summary: "Records that match a query, newest first",
        tags: ["logs"],
        querystring: searchRequest,
        response: answers(searchResponse),
      },
    },
    async (request): Promise<SearchResponse> => {
      const { query, limit, order, cursor } = request.query;
      const filter = readFilter(query);
      const window = readWindow(request.query, clock());
      const after = cursor === undefined ? undefined : readCursor(cursor);
      const rest = windowAfter(window, order, after);
      if (rest.from >= rest.to) return { ...window, ...NOTHING };

      const find = (within: Window, share: number): Promise<Answer> => {
        const statement = searchStatement(within, filter, {
          order,
          // One more than asked tells whether there is a next page.
          limit: limit + 1,
          ...(after === undefined ? {} : { after }),
        });
        const timeout = limits.timeout * share;
        const settings = {
          ...IN_ORDER,
          ...slowConditionSettings(filter),
          // A page needs few of the messages, but each fresh part would be begun for itself.
          ...(hasFreshParts() ? WITHOUT_TEXT_INDEX : {}),
        };
        return ask({ ...statement, atLimit: "fail", timeout, settings }, request.signal);
      };

      try {
        return page(window, await find(rest, FIRST_SHARE), limit);
      } catch (error) {
        if (!isTimeLimit(error)) throw error;
        const part = narrowed(rest, order);
        return page(window, await find(part, 1 - FIRST_SHARE), limit, edgeOf(part, order));
      }
    },
  );
}

const NOTHING = {
  rows: [],
  nextCursor: null,
  partial: false,
  statistics: { elapsedMs: 0, rowsRead: 0, bytesRead: 0 },
};

/** @param searchedTo where the search ended when it did not cover the window */
function page(window: Window, answer: Answer, limit: number, searchedTo?: Cursor): SearchResponse {
  const rows = answer.rows.slice(0, limit).map(logRowOf);
  const last = rows.at(-1);
  let next = searchedTo;
  if (answer.rows.length > limit && last !== undefined) {
    next = { timestamp: instantNanoseconds(last.timestamp) ?? 0n, id: BigInt(last.id) };
  }
  return {
    ...window,
    rows,
    nextCursor: next === undefined ? null : writeCursor(next),
    partial: answer.isPartial || searchedTo !== undefined,
    statistics: answer.statistics,
  };
}

function narrowed({ from, to }: Window, order: Order): Window {
  const length = Math.max(1, Math.floor((to - from) * NARROWED));
  return order === "desc" ? { from: to - length, to } : { from, to: from + length };
}

/** The place between the part of the window that was searched and the rest. */
function edgeOf(part: Window, order: Order): Cursor {
  // No record has id 0, so those at the edge itself come after this place in either order.
  return { timestamp: BigInt(order === "desc" ? part.from : part.to) * 1_000_000n, id: 0n };
}
