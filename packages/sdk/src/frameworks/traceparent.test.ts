import { expect, it } from "vitest";
import { parseTraceparent } from "./traceparent.ts";

const TRACE = "5b8efff798038103d269b633813fc60c";
const SPAN = "eee19b7ec3c1b174";

it.each([
  ["sampled", `00-${TRACE}-${SPAN}-01`, { traceId: TRACE, spanId: SPAN, traceFlags: 1 }],
  ["not sampled", `00-${TRACE}-${SPAN}-00`, { traceId: TRACE, spanId: SPAN, traceFlags: 0 }],
  ["blanks around it", ` 00-${TRACE}-${SPAN}-01 `, { traceId: TRACE, spanId: SPAN, traceFlags: 1 }],
  ["a later version with more", `cc-${TRACE}-${SPAN}-03-x`, { traceId: TRACE, spanId: SPAN, traceFlags: 3 }],
  ["more in version 00", `00-${TRACE}-${SPAN}-01-x`, undefined],
  ["the forbidden version", `ff-${TRACE}-${SPAN}-01`, undefined],
  ["no trace", `00-${"0".repeat(32)}-${SPAN}-01`, undefined],
  ["no span", `00-${TRACE}-${"0".repeat(16)}-01`, undefined],
  ["capitals", `00-${TRACE.toUpperCase()}-${SPAN}-01`, undefined],
  ["too short", `00-${TRACE.slice(1)}-${SPAN}-01`, undefined],
  ["endless", `cc-${TRACE}-${SPAN}-01-${"x".repeat(100_000)}`, undefined],
  ["nothing", "", undefined],
  ["no header", undefined, undefined],
])("%s", (_, header, ids) => {
  expect(parseTraceparent(header)).toEqual(ids);
});
