import type { TraceIds } from "../logger/record.ts";

/** `version-traceid-spanid-flags`; a later version may add more behind another dash. */
const TRACEPARENT = /^([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?$/;
/** Nothing valid of version 00 is longer than 55; room for what later versions add. */
const LONGEST = 256;
const NO_TRACE = "0".repeat(32);
const NO_SPAN = "0".repeat(16);

/**
 * The ids in a `traceparent` header; `undefined` when it is none.
 *
 * Source: W3C Trace Context, level 2, "traceparent Header".
 *
 * @example
 * parseTraceparent("00-5b8efff798038103d269b633813fc60c-eee19b7ec3c1b174-01")?.traceFlags; // 1
 */
export function parseTraceparent(header: string | undefined): TraceIds | undefined {
  if (header === undefined || header.length > LONGEST) return undefined;
  const match = TRACEPARENT.exec(header.trim());
  if (match === null) return undefined;
  const [, version, traceId, spanId, flags, more] = match as unknown as [string, ...string[]];
  if (version === "ff" || (version === "00" && more !== undefined)) return undefined;
  if (traceId === NO_TRACE || spanId === NO_SPAN) return undefined;
  return { traceId: traceId!, spanId: spanId!, traceFlags: Number.parseInt(flags!, 16) };
}
