import { FormatDetector } from "../formats/detect.ts";
import type { Draft } from "../formats/format.ts";
import { stripAnsi } from "../formats/lines/ansi.ts";
import { type JoinedRecord, Joiner } from "../formats/lines/joiner.ts";
import type { SplitLine } from "../formats/lines/line-splitter.ts";
import { plain } from "../formats/plain.ts";
import type { Clock } from "../formats/time/clock.ts";
import { UTC } from "../formats/time/zone.ts";

/**
 * Hot path. Reads texts that a protocol carries, one record each: JSON, logfmt, syslog and whatever else programs
 * write. A stack trace within the text goes to `exception.*`.
 *
 * @example
 * const reader = new TextReader(context.now());
 * reader.read("level=warn msg=late order=7").attributes; // ["order", "7"]
 */
export class TextReader {
  readonly #clock: Clock;
  readonly #detector = new FormatDetector();

  /** @param now nanoseconds since 1970, for times that name no year or day; those that name no zone are in UTC */
  constructor(now: bigint) {
    this.#clock = { zone: UTC, reference: Number(now / 1_000_000n) };
  }

  read(text: string): Draft {
    const line = stripAnsi(text);
    const joined = line.includes("\n") ? this.#readLines(line) : undefined;
    return joined ?? this.#detector.read(line, this.#clock)?.draft ?? plainOf(line);
  }

  /** A line of many, of which a part may have been cut off. */
  readLine({ text, cutBytes }: SplitLine): Draft {
    const draft = this.read(text);
    if (cutBytes > 0) draft.attributes.push("polylog.truncated_bytes", String(cutBytes));
    return draft;
  }

  /** A text of many lines, where they are one record; else whoever sent it knew better. */
  #readLines(text: string): Draft | undefined {
    const records: JoinedRecord<undefined>[] = [];
    const joiner = new Joiner<undefined>(this.#detector, false, (record) => records.push(record));
    for (const line of text.split("\n")) {
      joiner.push(line.endsWith("\r") ? line.slice(0, -1) : line, this.#clock, undefined);
      if (records.length > 1) return plainOf(text);
    }
    joiner.flush();
    return records.length === 1 ? records[0]!.draft : plainOf(text);
  }
}

function plainOf(text: string): Draft {
  return plain.parse(text, PLAIN_CLOCK)!;
}

/** Plain texts show no times. */
const PLAIN_CLOCK: Clock = { zone: UTC, reference: 0 };
