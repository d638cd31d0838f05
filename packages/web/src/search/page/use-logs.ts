import type { LogRow } from "@polylog/server/contract";
import { type InfiniteData, keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { type Order, type Question, searchLogs } from "../../api/logs.ts";

/** The first page fills a screen soon; the next ones are so long that a reader does not catch up with them. */
const FIRST_PAGE = 200;
const NEXT_PAGE = 1000;

/** The rows of a search, page after page. While another question is asked the old rows stay. */
export function useLogs(question: Question, order: Order) {
  const logs = useInfiniteQuery({
    queryKey: ["logs", question, order],
    queryFn: ({ pageParam, signal }) =>
      searchLogs(
        question,
        { limit: pageParam === undefined ? FIRST_PAGE : NEXT_PAGE, order, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
    placeholderData: keepPreviousData,
    // Comparing 100,000 rows with the ones before would cost more than drawing them.
    structuralSharing: false,
  });
  const rows = useMemo(() => rowsOf(logs.data), [logs.data]);
  return { logs, rows };
}

function rowsOf(data: InfiniteData<{ readonly rows: readonly LogRow[] }> | undefined): readonly LogRow[] {
  const rows: LogRow[] = [];
  for (const page of data?.pages ?? []) for (const row of page.rows) rows.push(row);
  return rows;
}
