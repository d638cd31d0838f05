import type { Draft, Format } from "./format.ts";
import { FORMATS, LOOSE } from "./formats.ts";
import type { Clock } from "./time/clock.ts";

/** A line read by the format that fits it. */
export interface ReadLine {
  readonly format: Format;
  readonly draft: Draft;
}

/** The share of lines with a time, and their least number, from which lines without one are parts of records. */
const TIMED_SHARE = 0.3;
const TIMED_LINES = 3;

/**
 * Finds the format of each line of one source. Most sources keep to one, so the last that fitted is tried
 * first, and the others in order when it doesn't.
 */
export class FormatDetector {
  #last: Format | undefined;
  #lines = 0;
  #timedLines = 0;
  readonly #counts = new Map<Format, number>();

  /** Reads a line; `undefined` when it has no format of its own. */
  read(line: string, clock: Clock): ReadLine | undefined {
    this.#lines++;
    if (this.#last?.detect(line)) {
      const draft = this.#last.parse(line, clock);
      if (draft !== undefined) return this.#found(this.#last, draft);
    }
    for (const format of FORMATS) {
      if (format === this.#last || !format.detect(line)) continue;
      const draft = format.parse(line, clock);
      if (draft === undefined) continue;
      // A loose format would go on to fit the lines of a stricter one.
      if (!LOOSE.has(format)) this.#last = format;
      return this.#found(format, draft);
    }
    return undefined;
  }

  /** True when records begin with a time here, as far as seen, so that lines without one are parts of records. */
  get hasTimedRecords(): boolean {
    return this.#timedLines >= TIMED_LINES && this.#timedLines >= this.#lines * TIMED_SHARE;
  }

  /** The format that most lines have had, and their share. */
  majority(): { readonly format: Format | undefined; readonly share: number } {
    let format: Format | undefined;
    let most = 0;
    for (const [candidate, count] of this.#counts) {
      if (count > most) [format, most] = [candidate, count];
    }
    return { format, share: this.#lines === 0 ? 0 : most / this.#lines };
  }

  #found(format: Format, draft: Draft): ReadLine {
    if (draft.timestamp !== undefined) this.#timedLines++;
    this.#counts.set(format, (this.#counts.get(format) ?? 0) + 1);
    return { format, draft };
  }
}
