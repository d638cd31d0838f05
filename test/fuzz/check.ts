import { isDeepStrictEqual } from "node:util";
import { type ErrorCode, PolylogError } from "../../packages/server/src/errors.ts";
import type { LogRecord, SpanRecord } from "../../packages/server/src/record/record.ts";
import { createLogEncoder } from "../../packages/server/src/store/encode/logs.ts";
import { createSpanEncoder } from "../../packages/server/src/store/encode/spans.ts";
import { timeBounds } from "../../packages/server/src/store/encode/timestamps.ts";
import type { Random } from "../random.ts";

/** What a decoder may say of an input. Any other error is a fault of the decoder. */
const REFUSALS: ReadonlySet<ErrorCode> = new Set([
  "POLYLOG_E_BAD_REQUEST",
  "POLYLOG_E_TOO_LARGE",
  "POLYLOG_E_UNSUPPORTED_MEDIA_TYPE",
  "POLYLOG_E_UNAUTHORIZED",
]);

/** Throws an error on, unless it refuses the input. */
export function passRefusal(error: unknown): void {
  if (!(error instanceof PolylogError && REFUSALS.has(error.code))) throw error;
}

/** The result, or undefined where the input is refused. */
export function orRefusal<T>(decode: () => T): T | undefined {
  try {
    return decode();
  } catch (error) {
    passRefusal(error);
    return undefined;
  }
}

const logEncoder = createLogEncoder();
const spanEncoder = createSpanEncoder();
const ENCODERS = [logEncoder, spanEncoder];
const RECEIVER = "fuzz";
const BOUNDS = timeBounds(1_700_000_000_000);
/** Beyond any time that is read: eleven digits are seconds, and what is not believable becomes an attribute. */
const LAST_TIME = 10n ** 20n;

/** Checks what a decoder gives: that it is in the shape the store takes, and that it can be encoded. */
export function checkRecords(records: Iterable<LogRecord | SpanRecord | null | undefined>): void {
  for (const encoder of ENCODERS) encoder.reset();
  for (const record of records) {
    if (record === null || record === undefined) continue;
    if ("body" in record) checkLog(record);
    else checkSpan(record);
  }
  // One block of them all, which costs far more than a record.
  for (const encoder of ENCODERS) if (encoder.rows > 0) encoder.block(1n);
}

function checkLog(record: LogRecord): void {
  checkTime(record.timestamp);
  checkTime(record.observedTimestamp);
  if (!Number.isInteger(record.severityNumber) || record.severityNumber < 0 || record.severityNumber > 255) {
    throw new Error(`${record.severityNumber} is no severity`);
  }
  for (const text of [record.severityText, record.body, record.eventName]) checkText(text);
  checkIds(record.traceId, record.spanId);
  checkCommon(record);
  logEncoder.add(record, RECEIVER, BOUNDS);
}

function checkSpan(record: SpanRecord): void {
  checkTime(record.timestamp);
  checkTime(record.endTimestamp);
  for (const text of [record.name, record.traceState, record.statusMessage]) checkText(text);
  checkIds(record.traceId, record.spanId);
  checkCommon(record);
  for (const event of record.events) checkAttributes(event.attributes);
  for (const link of record.links) checkAttributes(link.attributes);
  spanEncoder.add(record, RECEIVER, BOUNDS);
}

function checkCommon({ resource, scope, attributes }: LogRecord | SpanRecord): void {
  for (const text of [resource.serviceName, resource.host, resource.runtime, scope.name, scope.version]) {
    checkText(text);
  }
  for (const pairs of [resource.attributes, scope.attributes, attributes]) checkAttributes(pairs);
}

function checkTime(time: unknown): void {
  if (typeof time !== "bigint" || time < -LAST_TIME || time >= LAST_TIME) {
    throw new Error(`${String(time)} is no time`);
  }
}

function checkText(text: unknown): void {
  if (typeof text !== "string") throw new Error(`${typeof text} where text belongs`);
}

function checkAttributes(pairs: readonly unknown[]): void {
  if (pairs.length % 2 !== 0) throw new Error("an attribute without a value");
  for (const text of pairs) checkText(text);
}

function checkIds(traceId: string, spanId: string): void {
  if (!/^(?:[\da-f]{32})?$/.test(traceId)) throw new Error(`${JSON.stringify(traceId)} is no trace id`);
  if (!/^(?:[\da-f]{16})?$/.test(spanId)) throw new Error(`${JSON.stringify(spanId)} is no span id`);
}

/** Some way of cutting bytes into the chunks that a network gives. */
export function* pieces(input: Buffer, random: Random): Generator<Buffer> {
  for (let start = 0; start < input.length; ) {
    const length = random.once(4) ? 1 : 1 + random.below(input.length);
    // A copy: what a decoder keeps of a chunk must be its own.
    yield Buffer.from(input.subarray(start, start + length));
    start += length;
  }
}

/**
 * Checks that a decoder of a stream gives the same, however its bytes are cut.
 *
 * @param decode what comes of these chunks; it refuses by throwing
 */
export function checkPieces<T>(
  input: Buffer,
  random: Random,
  decode: (chunks: Iterable<Buffer>) => T,
): T | undefined {
  const whole = orRefusal(() => decode([input]));
  // Twice the work for every input would halve their number.
  if (!random.once(4)) return whole;
  const cut = orRefusal(() => decode(pieces(input, random)));
  if (!isDeepStrictEqual(cut, whole)) throw new Error("another result when the bytes come in pieces");
  return whole;
}
