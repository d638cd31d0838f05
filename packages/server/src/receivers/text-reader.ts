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
    if (line.includes("\n")) return this.#readLines(line);
    return this.#detector.read(line, this.#clock)?.draft ?? plainOf(line);
  }

  /** A line of many, of which a part may have been cut off. */
  readLine({ text, cutBytes }: SplitLine): Draft {
    const draft = this.read(text);
    if (cutBytes > 0) draft.attributes.push("polylog.truncated_bytes", String(cutBytes));
    return draft;
  }

  /** A text of many lines, where they are one record; else whoever sent it knew better. */
  #readLines(text: string): Draft {
    const lines = text.split(/\r?\n/);
    const records: JoinedRecord<number>[] = [];
    const joiner = new Joiner<number>(this.#detector, false, (record) => records.push(record));
    for (const [at, line] of lines.entries()) {
      joiner.push(line, this.#clock, at);
      if (records.length > MAX_MESSAGE_LINES) return plainOf(text);
    }
    joiner.flush();
    const [first] = records;
    if (records.length === 1) return first!.draft;
    const trace = records.at(-1);
    if (trace === undefined || !isTrace(trace)) return plainOf(text);
    // A message and the error that it reports, as most loggers write them: in a file they could be two.
    const message = records.length === 2 ? first!.draft : plainOf(lines.slice(0, trace.origin).join("\n"));
    addTrace(message, trace.draft);
    return message;
  }
}

/** Lines of a message that may stand before a stack trace. */
const MAX_MESSAGE_LINES = 50;
const STACK = "exception.stacktrace";

function isTrace({ draft, format }: JoinedRecord<number>): boolean {
  return (format === "stack-trace" || format === plain) && draft.attributes.includes(STACK);
}

function addTrace(message: Draft, trace: Draft): void {
  for (const text of trace.attributes) message.attributes.push(text);
  if (message.severityNumber > 0) return;
  message.severityNumber = trace.severityNumber;
  message.severityText = trace.severityText;
}

function plainOf(text: string): Draft {
  return plain.parse(text, PLAIN_CLOCK)!;
}

/** Plain texts show no times. */
const PLAIN_CLOCK: Clock = { zone: UTC, reference: 0 };
