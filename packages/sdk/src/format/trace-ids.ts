import type { TraceIds } from "../logger/record.ts";
import { flat } from "./flat.ts";

const TRACE_ID = /^[0-9a-f]{32}$/;
const SPAN_ID = /^[0-9a-f]{16}$/;

/**
 * Hot. Makes the ids two fields of a line. They go in as they are, so what isn't lower-case hex (W3C Trace Context) is left
 * out. Records of one span come one after another: its text is kept for the next one.
 *
 * @param before what stands before a name
 * @param between what stands between a name and its id
 */
export function createTraceWriter(before: string, between: string): (trace: TraceIds) => string {
  let lastTrace: unknown;
  let lastSpan: unknown;
  let text = "";
  return ({ traceId, spanId }) => {
    if (traceId === lastTrace && spanId === lastSpan) return text;
    lastTrace = traceId;
    lastSpan = spanId;
    text = "";
    if (isId(traceId, TRACE_ID)) text += `${before}trace_id${between}${traceId}`;
    if (isId(spanId, SPAN_ID)) text += `${before}span_id${between}${spanId}`;
    text = flat(text);
    return text;
  };
}

function isId(id: unknown, form: RegExp): boolean {
  return typeof id === "string" && form.test(id);
}
