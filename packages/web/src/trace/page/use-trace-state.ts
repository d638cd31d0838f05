import { useNavigate, useSearch } from "@tanstack/react-router";
import { useMemo, useState } from "react";
import type { SpanDetails } from "../../api/trace.ts";
import type { TraceModel } from "../model/trace-model.ts";
import { spanMatches, visibleSpans } from "../model/visible-spans.ts";

/** What a reader does on a trace's page: which span is open, what is folded and searched for. Places are the model's. */
export function useTraceState(model: TraceModel, traceId: string, details: SpanDetails | undefined) {
  const params = useSearch({ from: "/trace/$traceId" });
  const navigate = useNavigate({ from: "/trace/$traceId" });
  const [folded, setFolded] = useState<ReadonlySet<string>>(new Set());

  const text = params.find ?? "";
  const shown = useMemo(() => visibleSpans(model.spans, folded), [model, folded]);
  const matching = useMemo(() => {
    if (text === "") return undefined;
    return new Set(
      model.spans.flatMap((span, place) => (spanMatches(span, text, details?.get(span.key)) ? [place] : [])),
    );
  }, [model, text, details]);
  const selected = useMemo(
    () => (params.span === undefined ? -1 : model.spans.findIndex(({ key }) => key === params.span)),
    [model, params.span],
  );

  const change = (next: { span?: string | undefined; find?: string | undefined }) => {
    const search = { ...params, ...next };
    void navigate({
      to: "/trace/$traceId",
      params: { traceId },
      search: Object.fromEntries(Object.entries(search).filter(([, value]) => value)),
      replace: true,
    });
  };
  const select = (place: number) => change({ span: model.spans[place]?.key });
  const fold = (key: string) => {
    const next = new Set(folded);
    if (!next.delete(key)) next.add(key);
    setFolded(next);
  };
  /** Opens the next of some places, or the one before; round the end. What hides it is unfolded. */
  const goTo = (places: readonly number[], by: 1 | -1) => {
    const next =
      (by > 0 ? places.find((place) => place > selected) : places.findLast((place) => place < selected)) ??
      (by > 0 ? places[0] : places.at(-1));
    if (next === undefined) return;
    setFolded(new Set());
    select(next);
  };

  return {
    text,
    shown,
    folded,
    matching,
    selected,
    select,
    fold,
    find: (find: string) => change({ find }),
    close: () => change({ span: undefined }),
    step: (by: number) => {
      const row = shown.indexOf(selected);
      const next = shown[Math.max(0, Math.min(shown.length - 1, row < 0 ? 0 : row + by))];
      if (next !== undefined) select(next);
    },
    nextMatch: (by: 1 | -1) => goTo([...(matching ?? [])], by),
    nextError: (by: 1 | -1) =>
      goTo(
        model.spans.flatMap(({ hasError }, place) => (hasError ? [place] : [])),
        by,
      ),
  };
}
