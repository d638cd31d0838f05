import { LEVELS } from "../logger/level.ts";
import type { System, TraceIds } from "../logger/record.ts";
import type { BatchCursor } from "./batch-cursor.ts";
import { spanIdOf } from "./captured-contexts.ts";
import type { FieldReader, Fields } from "./field-reader.ts";
import { copyOf } from "./kept-text.ts";
import { type NativeSpan, readSpanFields } from "./native-span.ts";

/** Words of a span before its name and fields: the head of a record, its own id, and its parent's. */
const RECORD_WORDS = 13;
const SPAN_WORDS = RECORD_WORDS + 4;

/** Where a span was made. */
export interface SpanPlace {
  readonly target: string;
  readonly system: System;
  /** Fields that say it, when they are wanted. */
  readonly location: Fields | undefined;
}

/**
 * Hot. Reads the span that the cursor is at; `crates/polylog/src/encoder/spans.rs` writes it.
 *
 * @param trace of the context that it began in
 */
export function readSpan(
  cursor: BatchCursor,
  fields: FieldReader,
  trace: TraceIds,
  { target, system, location }: SpanPlace,
): NativeSpan {
  const { words, at } = cursor;
  const marked = words[at]! >>> 8;
  const ids = at + RECORD_WORDS;
  const [parentHigh, parentLow] = [words[ids + 2]!, words[ids + 3]!];
  cursor.at = at + SPAN_WORDS;
  // Without a number they are cut out of the batch.
  const [isTargetCut, isNameCut] = [words[at + 1] === 0, words[cursor.at] === 0];
  const { name, fields: own } = fields.spans(1)[0]! as { name: string; fields?: Fields };
  const said = readSpanFields(location === undefined ? own : { ...location, ...own }, marked > 0xff);
  return {
    name: said.name ?? (isNameCut ? copyOf(name) : name),
    logger: isTargetCut ? copyOf(target) : target,
    level: LEVELS[marked & 0xff]!,
    system,
    traceId: trace.traceId,
    spanId: spanIdOf(words[ids]!, words[ids + 1]!),
    // In no span of native code: in the one that was active in JavaScript.
    parentSpanId: (parentHigh | parentLow) === 0 ? trace.spanId : spanIdOf(parentHigh, parentLow),
    traceFlags: trace.traceFlags,
    start: [words[at + 2]!, words[at + 3]!],
    end: [words[at + 4]!, words[at + 5]!],
    kind: said.kind,
    status: said.status,
    attributes: said.attributes,
  };
}
