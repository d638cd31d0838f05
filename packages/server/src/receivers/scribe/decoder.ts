import { FormatDetector } from "../../formats/detect.ts";
import { type Draft, newDraft } from "../../formats/format.ts";
import { guessSeverity } from "../../formats/guess-severity.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import { type TimeZone, timeZone } from "../../formats/time/zone.ts";
import type { LogRecord } from "../../record/record.ts";
import type { LogEntry } from "./calls.ts";

/** Makes a record of an entry. `now` in nanoseconds since 1970. */
export type EntryDecoder = (entry: LogEntry, now: bigint) => LogRecord;

/** Categories whose format is remembered; a hostile sender can make any number. */
const MAX_CATEGORIES = 512;

/**
 * Hot path. Makes a decoder of Scribe's entries. A message is read as a line of a file would be: what its format
 * says of time, severity and fields is taken over, and one that has none is kept as it is. The category is the
 * logger where the message names none.
 *
 * @param zone of times that name none
 * @example
 * const decode = createEntryDecoder();
 * decode({ category: "shop", message: '{"level":"warn","msg":"late"}\n' }, now);
 */
export function createEntryDecoder(zone: TimeZone = timeZone("local")): EntryDecoder {
  const builder = new RecordBuilder();
  const detectors = new Map<string, FormatDetector>();

  function detectorOf(category: string): FormatDetector {
    let detector = detectors.get(category);
    if (detector === undefined) {
      if (detectors.size >= MAX_CATEGORIES) detectors.clear();
      detector = new FormatDetector();
      detectors.set(category, detector);
    }
    return detector;
  }

  return ({ category, message }, now) => {
    const clock = { zone, reference: Number(now / 1_000_000n) };
    const text = message.replace(/\r?\n$/, "");
    const read = detectorOf(category).read(text, clock);
    const draft = read?.draft ?? plain(text);
    draft.logger ||= category;
    draft.attributes.push("scribe.category", category);
    return builder.build(draft, now, now);
  };
}

function plain(text: string): Draft {
  const draft = newDraft();
  draft.body = text;
  guessSeverity(draft);
  return draft;
}
