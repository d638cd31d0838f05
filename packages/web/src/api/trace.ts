import type { OutlineResponse, SpanRow, TraceResponse } from "@polylog/server/contract";
import { queryOptions, useQuery } from "@tanstack/react-query";
import { getJson } from "./client.ts";
import { spanKeys } from "./span-key.ts";

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

/** Spans with all that they say, by their keys. */
export type SpanDetails = ReadonlyMap<string, SpanRow>;

/** All spans of a trace in full; only for a trace that is known to be small. */
export function useDetails(traceId: string, isSmall: boolean): SpanDetails | undefined {
  const { data } = useQuery({
    queryKey: ["trace", traceId],
    queryFn: async ({ signal }) => {
      const { spans } = await getJson<TraceResponse>(`/traces/${encodeURIComponent(traceId)}`, {}, signal);
      const keys = spanKeys(spans.map(({ spanId }) => spanId));
      return new Map(spans.map((span, index) => [keys[index] ?? "", span]));
    },
    enabled: isSmall,
    structuralSharing: false,
  });
  return data;
}

/** What tells a span from all others. */
interface AskedSpan {
  readonly id: string;
  readonly key: string;
  readonly service: string;
  readonly kind: string;
}

/** One span in full: out of the details where they are there, else asked for. */
export function useSpan(
  traceId: string,
  { id, key, service, kind }: AskedSpan,
  details: SpanDetails | undefined,
  isSmall: boolean,
) {
  const known = details?.get(key);
  const asked = useQuery({
    queryKey: ["span", traceId, key],
    queryFn: ({ signal }) =>
      getJson<SpanRow>(
        `/traces/${encodeURIComponent(traceId)}/spans/${encodeURIComponent(id)}`,
        // Of spans with one id, this is the one.
        key === id ? {} : { service, kind },
        signal,
      ),
    enabled: known === undefined && !isSmall,
  });
  return { span: known ?? asked.data, error: asked.error };
}
