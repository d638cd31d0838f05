import { useNavigate, useSearch } from "@tanstack/react-router";
import { useCallback, useEffect, useMemo } from "react";
import type { Order } from "../../api/logs.ts";
import { rememberSearch } from "../../app/way-back.ts";
import type { TimeRange } from "../../time/range.ts";
import {
  columnsOf,
  columnsParam,
  facetsOf,
  facetsParam,
  type OpenedRecord,
  openedOf,
  openedParam,
  rangeOf,
  type SearchParams,
} from "./search-params.ts";

/** A search as the address bar has it, with the ways to change it. */
export interface Search {
  readonly query: string;
  readonly range: TimeRange;
  readonly columns: readonly string[];
  readonly addedFacets: readonly string[];
  readonly order: Order;
  readonly isLive: boolean;
  readonly opened: OpenedRecord | undefined;
  readonly setQuery: (query: string) => void;
  readonly setRange: (range: TimeRange) => void;
  readonly setColumns: (columns: readonly string[]) => void;
  readonly setAddedFacets: (facets: readonly string[]) => void;
  readonly setOrder: (order: Order) => void;
  readonly setLive: (isLive: boolean, range: TimeRange) => void;
  readonly setOpened: (opened: OpenedRecord | undefined) => void;
}

type Change = { readonly [Name in keyof SearchParams]?: SearchParams[Name] | undefined };

/**
 * The state of the search page. A new question is a step in the browser's history; a record that opens, a column,
 * a facet are not, so that "back" goes to the question before.
 */
export function useSearchState(): Search {
  const params = useSearch({ from: "/" });
  const navigate = useNavigate({ from: "/" });

  useEffect(() => rememberSearch(params), [params]);

  const change = useCallback(
    (next: Change, isStep: boolean) => {
      void navigate({
        to: "/",
        search: (before) => withoutUndefined({ ...before, ...next }),
        replace: !isStep,
        resetScroll: false,
      });
    },
    [navigate],
  );

  const actions = useMemo(
    () => ({
      setQuery: (query: string) => change({ q: query === "" ? undefined : query, open: undefined }, true),
      setRange: (range: TimeRange) =>
        change({ from: range.from, to: range.to, open: undefined, live: undefined }, true),
      setColumns: (columns: readonly string[]) => change({ columns: columnsParam(columns) }, false),
      setAddedFacets: (facets: readonly string[]) => change({ facets: facetsParam(facets) }, false),
      setOrder: (order: Order) =>
        change({ order: order === "asc" ? order : undefined, live: undefined, open: undefined }, false),
      setLive: (isLive: boolean, range: TimeRange) =>
        change(
          isLive ? { live: "on", order: undefined, from: range.from, to: range.to } : { live: undefined },
          false,
        ),
      setOpened: (opened: OpenedRecord | undefined) =>
        change({ open: opened ? openedParam(opened) : undefined }, false),
    }),
    [change],
  );

  return useMemo(
    () => ({
      query: params.q ?? "",
      range: rangeOf(params),
      columns: columnsOf(params),
      addedFacets: facetsOf(params),
      order: params.order ?? "desc",
      isLive: params.live === "on",
      opened: openedOf(params),
      ...actions,
    }),
    [params, actions],
  );
}

function withoutUndefined(change: Change): SearchParams {
  return Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));
}
