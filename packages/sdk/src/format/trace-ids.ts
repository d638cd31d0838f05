import type { TraceIds } from "../logger/record.ts";

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/**
 * Hot. The ids as two fields of a line. They go in as they are, so what isn't lower-case hex (W3C Trace Context) is left out.
 *
 * @param before what stands before a name
 * @param between what stands between a name and its id
 */
export function traceText({ traceId, spanId }: TraceIds, before: string, between: string): string {
  let text = "";
  if (typeof traceId === "string" && TRACE_ID.test(traceId)) text += `${before}trace_id${between}${traceId}`;
  if (typeof spanId === "string" && SPAN_ID.test(spanId)) text += `${before}span_id${between}${spanId}`;
  return text;
}
