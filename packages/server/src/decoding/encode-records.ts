import { toldOf } from "../intake/source.ts";
import type { EncodedRecords } from "../record/encoded-records.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";
import { type Encoder, encodeAtOnce } from "../store/encode/encoder.ts";

/**
 * Encodes the records of a request for another thread.
 *
 * @param encoder an empty one, which is empty again then
 * @param now milliseconds since 1970
 */
export function encodeRecords<T extends LogRecord | SpanRecord>(
  encoder: Encoder<T>,
  records: readonly T[],
  receiver: string,
  now: number,
): EncodedRecords {
  let refused = 0;
  let refusal = "";
  encodeAtOnce(encoder, { records, receiver }, now, (error, count) => {
    refused += count;
    refusal ||= String(error);
  });
  return { ...toldOf(records, receiver), encoded: encoder.release(), refused, refusal };
}
