import { PolylogError } from "../errors.ts";
import type { LogRecord, SpanRecord } from "../record/record.ts";

/** Records of one request. Bytes alone don't bound them: two bytes of JSON make one that takes hundreds. */
const MAX_RECORDS = 200_000;
/** Milliseconds of decoding, after which others get their turn. */
const SLICE = 4;
/** Records between two looks at the clock. */
const RECORDS_PER_LOOK = 64;

/**
 * What a decoder gives: the records of a request one by one, `undefined` for something between them that takes
 * time and is none, and `null` for one that could not be read; at last what else the answer is made of. It throws
 * `POLYLOG_E_BAD_REQUEST` to refuse the whole request, nothing of which is kept then.
 */
export type DecodedRecords<Result = void> = Iterable<LogRecord | SpanRecord | null | undefined, Result>;

/** All of a request. */
export interface Decoded<Result> {
  readonly logs: readonly LogRecord[];
  readonly spans: readonly SpanRecord[];
  /** Records that could not be read. */
  readonly rejected: number;
  readonly result: Result;
}

/** Gathers what a decoder gives. Pauses now and then, for others to have their turn. */
export function* decodeInSlices<Result>(
  records: DecodedRecords<Result>,
): Generator<undefined, Decoded<Result>> {
  const logs: LogRecord[] = [];
  const spans: SpanRecord[] = [];
  let rejected = 0;
  let untilLook = RECORDS_PER_LOOK;
  let sliceEnd = performance.now() + SLICE;
  const decoder = records[Symbol.iterator]();
  for (let step = decoder.next(); ; step = decoder.next()) {
    if (step.done) return { logs, spans, rejected, result: step.value };
    const record = step.value;
    if (record === null) rejected++;
    else if (record !== undefined) {
      if ("body" in record) logs.push(record);
      else spans.push(record);
    }
    if (logs.length + spans.length + rejected > MAX_RECORDS) throw tooMany();
    if (record !== undefined && --untilLook > 0) continue;
    untilLook = RECORDS_PER_LOOK;
    if (performance.now() < sliceEnd) continue;
    yield;
    sliceEnd = performance.now() + SLICE;
  }
}

/** The same where nobody waits: on a thread of its own. */
export function decodeAtOnce<Result>(records: DecodedRecords<Result>): Decoded<Result> {
  const slices = decodeInSlices(records);
  for (;;) {
    const slice = slices.next();
    if (slice.done) return slice.value;
  }
}

function tooMany(): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", `The request holds more than ${MAX_RECORDS} records`, {
    remedy: "Send smaller batches.",
  });
}
