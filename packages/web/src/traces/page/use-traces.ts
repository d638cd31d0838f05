import { keepPreviousData, useQuery } from "@tanstack/react-query";
import type { Question } from "../../api/logs.ts";
import { latency, searchTraces, type TraceOrder } from "../../api/traces.ts";
import { useLastGood } from "../../app/last-good.ts";

/** The traces of a question. */
export function useTraces(question: Question, order: TraceOrder, limit: number) {
  return useQuery({
    queryKey: ["traces", question, order, limit],
    queryFn: ({ signal }) => searchTraces(question, { order, limit }, signal),
    placeholderData: keepPreviousData,
  });
}

/** A dot of about this width can be hit. */
const COLUMN_PX = 9;

/**
 * How long what matches took. Without a query that is the traces, by their roots: all spans of a trace together
 * would say nothing. Where no root is (another system began the traces), it is all spans nevertheless.
 */
export function useLatency(question: Question) {
  const columns = Math.max(30, Math.min(200, Math.round((window.innerWidth - 420) / COLUMN_PX)));
  const isOfAll = question.query.trim() === "";
  const ask = (asked: Question, isEnabled: boolean) => ({
    queryKey: ["latency", asked, columns],
    queryFn: ({ signal }: { readonly signal: AbortSignal }) => latency(asked, columns, signal),
    placeholderData: keepPreviousData,
    enabled: isEnabled,
  });
  const first = useQuery(ask(isOfAll ? { ...question, query: "root:true" } : question, true));
  const areRootsMissing = isOfAll && !first.isPlaceholderData && first.data?.spans === 0;
  const second = useQuery(ask(question, areRootsMissing));
  const used = areRootsMissing ? second : first;
  return {
    data: useLastGood(used.data),
    isOld: used.isPlaceholderData || used.isError,
    things: isOfAll && !areRootsMissing ? { one: "trace", many: "traces" } : { one: "span", many: "spans" },
  };
}
