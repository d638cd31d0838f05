import type { OutlineResponse, SpanRow, TraceResponse } from "@polylog/server/contract";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "./client.ts";

/** What a waterfall draws of a trace. Asked for by the record's mini waterfall and by the trace page alike. */
export function useOutline(traceId: string) {
  return useQuery({ ...outlineQuery(traceId), enabled: traceId !== "" });
}

/** The question for an outline: the router asks it while the page's script is on its way. */
export function outlineQuery(traceId: string) {
  return queryOptions({
    queryKey: ["outline", traceId],
    queryFn: ({ signal }) =>
      getJson<OutlineResponse>(`/traces/${encodeURIComponent(traceId)}/outline`, {}, signal),
    // Comparing 100,000 spans with those before would cost more than drawing them.
    structuralSharing: false,
  });
}

/** Spans with all that they say, by their ids. */
export type SpanDetails = ReadonlyMap<string, SpanRow>;

/** All spans of a trace in full; only for a trace that is known to be small. */
export function useDetails(traceId: string, isSmall: boolean): SpanDetails | undefined {
  const { data } = useQuery({
    queryKey: ["trace", traceId],
    queryFn: async ({ signal }) => {
      const { spans } = await getJson<TraceResponse>(`/traces/${encodeURIComponent(traceId)}`, {}, signal);
      // The first of twins, as in the model.
      return new Map(spans.toReversed().map((span) => [span.spanId, span]));
    },
    enabled: isSmall,
    structuralSharing: false,
  });
  return data;
}

/** One span in full: out of the details where they are there, else asked for. */
export function useSpan(traceId: string, spanId: string, details: SpanDetails | undefined, isSmall: boolean) {
  const known = details?.get(spanId);
  const asked = useQuery({
    queryKey: ["span", traceId, spanId],
    queryFn: ({ signal }) =>
      getJson<SpanRow>(
        `/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(spanId)}`,
        {},
        signal,
      ),
    enabled: known === undefined && !isSmall,
  });
  return { span: known ?? asked.data, error: asked.error };
}
