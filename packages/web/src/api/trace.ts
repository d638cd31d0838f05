import type { TraceResponse } from "@polylog/server/contract";
import { useQuery } from "@tanstack/react-query";
import { getJson } from "./client.ts";

/** The spans and logs of one trace. Asked for by the record's mini waterfall and by the trace page alike. */
export function useTrace(traceId: string) {
  return useQuery({
    queryKey: ["trace", traceId],
    queryFn: ({ signal }) => getJson<TraceResponse>(`/traces/${encodeURIComponent(traceId)}`, {}, signal),
    enabled: traceId !== "",
  });
}
