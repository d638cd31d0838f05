import type { AttributeList } from "./attribute-list.ts";
import type { Complaints } from "./decoded.ts";

/** The largest number of nanoseconds that fits a signed 64-bit integer: April 2262. */
const MAX_TIME = (1n << 63n) - 1n;

/** The time, or 0 when there is none. One that no column can hold is kept as `polylog.invalid_timestamp`. */
export function timeOrNone(time: bigint, attributes: AttributeList, complaints: Complaints): bigint {
  if (time >= 0n && time <= MAX_TIME) return time;
  complaints.warn("its time is outside 1970 to 2262, so it is kept as attribute polylog.invalid_timestamp");
  attributes.note("polylog.invalid_timestamp", String(time));
  return 0n;
}
