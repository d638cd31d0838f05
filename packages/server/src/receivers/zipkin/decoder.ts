import { PolylogError } from "../../errors.ts";
import type { SpanRecord } from "../../record/record.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import { parseElement, takeLists } from "../json-lists.ts";
import { spansOfProtobuf } from "./protobuf.ts";
import { spanReader } from "./span.ts";

const NO_LISTS: ReadonlySet<string> = new Set();

/** The spans of a body in either form. */
export function decodeSpans(
  body: Buffer,
  { now, isProtobuf }: { readonly now: bigint; readonly isProtobuf: boolean },
): DecodedRecords {
  return isProtobuf ? decodeProtobuf(body, now) : decodeJson(body, now);
}

/**
 * The spans of a body, `null` for each that can't be kept.
 *
 * Throws `POLYLOG_E_BAD_REQUEST` when it is no list, or holds spans and none that can be kept.
 */
export function* decodeJson(body: Buffer, now: bigint): Generator<SpanRecord | null | undefined> {
  const { lists } = yield* takeLists(body, NO_LISTS);
  const spans = lists.get("");
  if (spans === undefined) throw refused("it is not a JSON list");
  const read = spanReader(now);
  let kept = 0;
  for (const element of spans) {
    const span = parseElement(element);
    const record = span === undefined ? null : read(span);
    if (record !== null) kept++;
    yield record;
  }
  if (kept === 0 && spans.length > 0) throw refused("no span has a traceId and an id");
}

/** The same in protobuf. */
export function* decodeProtobuf(body: Buffer, now: bigint): Generator<SpanRecord | null> {
  const read = spanReader(now);
  let kept = 0;
  let sent = 0;
  for (const span of spansOfProtobuf(body)) {
    const record = read(span);
    sent++;
    if (record !== null) kept++;
    yield record;
  }
  if (kept === 0 && sent > 0) throw refused("no span has a traceId and an id");
}

function refused(why: string): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `The body is no list of Zipkin's spans: ${why}.`, {
    remedy: "Send a JSON list of spans of Zipkin's version 2.",
  });
}
