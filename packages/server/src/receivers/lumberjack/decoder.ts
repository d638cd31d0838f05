import type { Draft } from "../../formats/format.ts";
import { guessSeverity } from "../../formats/guess-severity.ts";
import { FieldReader } from "../../formats/json/fields.ts";
import { draftOfObject, isJsonObject } from "../../formats/json/json.ts";
import { parseJson } from "../../formats/json/json-text.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import type { Clock } from "../../formats/time/clock.ts";
import { UTC } from "../../formats/time/zone.ts";
import type { LogRecord } from "../../record/record.ts";
import type { Frame } from "./frames.ts";

/** An event of either version. */
type EventFrame = Extract<Frame, { type: "json" | "data" }>;

/** Makes a record of an event; undefined when it is none. `now` in nanoseconds since 1970. */
export type EventDecoder = (frame: EventFrame, now: bigint) => LogRecord | undefined;

/**
 * Hot path. Makes a decoder whose records share their resources. What an event's names mean is told as in JSON
 * lines, which know Elastic's.
 *
 * @example
 * const decode = createEventDecoder();
 * decode({ type: "json", sequence: 1, payload: Buffer.from('{"message":"ready"}') }, now);
 */
export function createEventDecoder(): EventDecoder {
  const builder = new RecordBuilder();
  return (frame, now) => {
    const clock: Clock = { zone: UTC, reference: Number(now / 1_000_000n) };
    const draft =
      frame.type === "json" ? draftOfJson(frame.payload, clock) : draftOfPairs(frame.pairs, clock);
    if (draft === undefined) return undefined;
    if (draft.severityNumber === 0) guessSeverity(draft);
    return builder.build(draft, now, now);
  };
}

function draftOfJson(payload: Buffer, clock: Clock): Draft | undefined {
  const text = payload.toString();
  let value: unknown;
  try {
    value = parseJson(text);
  } catch {
    return undefined;
  }
  return isJsonObject(value) ? draftOfObject(value, clock, text) : undefined;
}

/** logstash-forwarder calls the text of the event its line. */
function draftOfPairs(pairs: readonly string[], clock: Clock): Draft | undefined {
  if (pairs.length === 0) return undefined;
  const fields = new FieldReader(clock);
  for (let i = 0; i < pairs.length; i += 2) {
    const name = pairs[i]!;
    fields.add(name === "line" ? "message" : name, pairs[i + 1]!);
  }
  return fields.finish(JSON.stringify(pairs));
}
