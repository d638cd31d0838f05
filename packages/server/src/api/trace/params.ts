import { z } from "zod";
import { PolylogError } from "../../errors.ts";
import { paddedTraceIdOf } from "../../formats/ids.ts";

/** The part of an address that names a trace. */
export const traceParams = z.object({ traceId: z.string().max(64).describe("Up to 32 hexadecimal digits") });

/** The id as spans are stored with it, however it is written: in capitals, of 64 bits, without leading zeros. */
export const storedTraceId = (asked: string): string => paddedTraceIdOf(asked) ?? asked.toLowerCase();

/** What is answered for a trace of which nothing is stored. */
export function noSuchTrace(what = "There are no spans and no logs of this trace."): PolylogError {
  return new PolylogError("POLYLOG_E_NOT_FOUND", what, {
    remedy: "It may be older than the server keeps records, or not sampled.",
  });
}
