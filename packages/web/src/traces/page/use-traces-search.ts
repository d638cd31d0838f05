import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo } from "react";
import type { TraceOrder } from "../../api/traces.ts";
import { rememberTraces } from "../../app/way-back.ts";
import { facetsOf, facetsParam } from "../../search/page/search-params.ts";
import type { TimeRange } from "../../time/range.ts";
import { type TracesParams, tracesRangeOf } from "../traces-params.ts";

type Change = { readonly [Name in keyof TracesParams]?: TracesParams[Name] | undefined };

/** The state of the page of traces as the address bar has it. A new question is a step in the browser's history. */
export function useTracesSearch() {
  const params = useSearch({ from: "/traces" });
  const navigate = useNavigate({ from: "/traces" });
  useEffect(() => rememberTraces(params), [params]);

  const change = useCallback(
    (next: Change, isStep: boolean) => {
      void navigate({
        to: "/traces",
        search: (before) =>
          Object.fromEntries(
            Object.entries({ ...before, ...next }).filter(([, value]) => value !== undefined),
          ),
        replace: !isStep,
        resetScroll: false,
      });
    },
    [navigate],
  );
  return useMemo(
    () => ({
      query: params.q ?? "",
      range: tracesRangeOf(params),
      order: (params.order ?? "newest") as TraceOrder,
      addedFacets: facetsOf(params),
      setQuery: (query: string) => change({ q: query === "" ? undefined : query }, true),
      setRange: (range: TimeRange) => change({ from: range.from, to: range.to }, true),
      /** Both at once are one step back. */
      setQuestion: (query: string, range: TimeRange) =>
        change({ q: query === "" ? undefined : query, from: range.from, to: range.to }, true),
      setOrder: (order: TraceOrder) => change({ order: order === "longest" ? order : undefined }, false),
      setAddedFacets: (fields: readonly string[]) => change({ facets: facetsParam(fields) }, false),
    }),
    [params, change],
  );
}

export type TracesSearch = ReturnType<typeof useTracesSearch>;
