import type { AttributeList } from "./attribute-list.ts";
import type { Complaints } from "./decoded.ts";

const NO_TRACE_ID = "0".repeat(32);
const NO_SPAN_ID = "0".repeat(16);
const HEX = /^[0-9a-f]+$/;

/** True for the hex digits of an id that can be kept. Ids of zeros only are absent ones. Source: W3C Trace Context. */
export function isTraceId(hex: string): boolean {
  return hex.length === 32 && hex !== NO_TRACE_ID && HEX.test(hex);
}

/** Like {@link isTraceId}. */
export function isSpanId(hex: string): boolean {
  return hex.length === 16 && hex !== NO_SPAN_ID && HEX.test(hex);
}

/** The id, or "" for an absent one. A wrong one is kept as the attribute `polylog.invalid_trace_id`. */
export function traceIdOrNone(hex: string, attributes: AttributeList, complaints: Complaints): string {
  if (hex === "" || hex === NO_TRACE_ID || isTraceId(hex)) return hex === NO_TRACE_ID ? "" : hex;
  return keepWrongId("trace_id", hex, 16, attributes, complaints);
}

/** Like {@link traceIdOrNone}, for `span_id` and `parent_span_id`. */
export function spanIdOrNone(
  field: "span_id" | "parent_span_id",
  hex: string,
  attributes: AttributeList,
  complaints: Complaints,
): string {
  if (hex === "" || hex === NO_SPAN_ID || isSpanId(hex)) return hex === NO_SPAN_ID ? "" : hex;
  return keepWrongId(field, hex, 8, attributes, complaints);
}

function keepWrongId(
  field: string,
  hex: string,
  bytes: number,
  attributes: AttributeList,
  complaints: Complaints,
): "" {
  complaints.warn(`${field} is not ${bytes} bytes, so it is kept as attribute polylog.invalid_${field}`);
  attributes.note(`polylog.invalid_${field}`, hex);
  return "";
}
