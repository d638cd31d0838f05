import type { LogRow } from "@polylog/server/contract";
import { useQuery } from "@tanstack/react-query";
import { useEffect, useRef } from "react";
import { serverNow } from "../../api/connection.ts";
import { searchLogs } from "../../api/logs.ts";
import { useStatus } from "../../api/status.ts";

const DAY_MS = 86_400_000;
const ASK_AGAIN_MS = 1000;
/** The service under which the server keeps its own records; they are nobody's first log. */
const OWN_SERVICE = "polylog";

/**
 * Whether the store has nothing but the server's own records, so that a reader needs to be shown how to send one.
 *
 * @param rows what the search found
 * @param isPlain whether the search is without a query
 * @param onArrived told when the first record is there
 */
export function useFirstLog(
  rows: readonly LogRow[],
  isPlain: boolean,
  isSettled: boolean,
  onArrived: () => void,
) {
  const { data: status } = useStatus();
  const isSuspect = isPlain && isSettled && rows.every((row) => row.service === OWN_SERVICE);
  const asked = useQuery({
    queryKey: ["first-log"],
    queryFn: async ({ signal }) => {
      const to = serverNow() + DAY_MS;
      const from = to - ((status?.retentionDays ?? 0) + 2) * DAY_MS;
      const question = { query: `-service:${OWN_SERVICE}`, from, to };
      const page = await searchLogs(question, { limit: 1, order: "desc", cursor: undefined }, signal);
      return page.rows.length > 0;
    },
    enabled: isSuspect && status !== undefined,
    refetchInterval: (query) => (query.state.data === false ? ASK_AGAIN_MS : false),
  });
  const isFirst = isSuspect && asked.data === false;
  const wasFirst = useRef(false);
  useEffect(() => {
    if (wasFirst.current && asked.data === true) onArrived();
    wasFirst.current = isFirst;
  }, [isFirst, asked.data, onArrived]);
  return { isFirst, hasOwn: rows.length > 0, isUndecided: isSuspect && rows.length === 0 && asked.isPending };
}
