import type { FormatDetector } from "../detect.ts";
import type { Draft, Format } from "../format.ts";
import { plain } from "../plain.ts";
import type { Clock } from "../time/clock.ts";
import { attachTrace, draftOfTrace } from "./attach-trace.ts";
import { isFrame, type TraceKind, traceGoesOn, traceStart } from "./stack-trace.ts";

/** Lines and characters of one record; what follows begins another. */
export const MAX_RECORD_LINES = 1000;
const MAX_RECORD_LENGTH = 1 << 20;

/** A record that is complete, or that waits for its next line. */
export interface JoinedRecord<Origin> {
  readonly draft: Draft;
  readonly format: Format | "stack-trace";
  /** Where its first line comes from. */
  readonly origin: Origin;
}

interface Pending<Origin> extends JoinedRecord<Origin> {
  readonly first: string;
  /** The lines behind the first. */
  readonly more: string[];
  /** How many of them the format itself has taken. */
  taken: number;
  trace: TraceKind | undefined;
  /** Where in `more` the trace begins, -1 when the first line is its head. */
  traceAt: number;
  length: number;
}

/**
 * Joins the lines of a source to records: stack traces, indented lines and whatever else goes on with the
 * record before it. Holds one record back, since only the next line tells whether it is complete.
 */
export class Joiner<Origin> {
  readonly #detector: FormatDetector;
  readonly #joinsUnknown: boolean;
  readonly #onRecord: (record: JoinedRecord<Origin>) => void;
  #pending: Pending<Origin> | undefined;
  #blanks = 0;

  /**
   * @param joinsUnknown whether a line without a format belongs to the record before it where records begin
   * with a time, as in files that one program writes; false where anything may write in between
   */
  constructor(
    detector: FormatDetector,
    joinsUnknown: boolean,
    onRecord: (record: JoinedRecord<Origin>) => void,
  ) {
    this.#detector = detector;
    this.#joinsUnknown = joinsUnknown;
    this.#onRecord = onRecord;
  }

  /** Where the first line of the record comes from that is held back. */
  get pendingOrigin(): Origin | undefined {
    return this.#pending?.origin;
  }

  push(line: string, clock: Clock, origin: Origin): void {
    if (line.trim() === "") {
      this.#blanks++;
      return;
    }
    const pending = this.#pending;
    if (pending !== undefined && this.#isFull(pending, line)) this.flush();
    else if (pending !== undefined && this.#goesOn(pending, line)) return;
    const start = traceStart(line);
    if (start !== undefined && start.place === "follows" && this.#pending && reports(this.#pending)) {
      this.#pending.traceAt = this.#pending.more.length + this.#blanks;
      this.#append(this.#pending, line, start.kind);
      return;
    }
    const read = start?.place === "own" ? undefined : this.#detector.read(line, clock);
    if (read !== undefined && (start === undefined || read.draft.timestamp !== undefined)) {
      this.#begin(line, read.format, read.draft, origin);
      if (read.format.isSingleLine) this.flush();
    } else if (start !== undefined) {
      this.#begin(line, "stack-trace", draftOfTrace(line), origin, start.kind);
    } else if (this.#pending && this.#joinsUnknown && this.#detector.hasTimedRecords) {
      this.#append(this.#pending, line, this.#pending.trace);
    } else {
      const draft = plain.parse(line, clock);
      if (draft !== undefined) this.#begin(line, plain, draft, origin);
    }
  }

  /** Gives out the record that is held back. */
  flush(): void {
    const pending = this.#pending;
    this.#pending = undefined;
    this.#blanks = 0;
    if (pending === undefined) return;
    finish(pending);
    this.#onRecord(pending);
  }

  #begin(
    line: string,
    format: Format | "stack-trace",
    draft: Draft,
    origin: Origin,
    trace?: TraceKind,
  ): void {
    this.flush();
    const length = line.length;
    this.#pending = { draft, format, origin, first: line, more: [], taken: 0, trace, traceAt: -1, length };
  }

  /** Takes a line that belongs to the record by its own form. */
  #goesOn(pending: Pending<Origin>, line: string): boolean {
    const { format, trace } = pending;
    if (format !== "stack-trace" && this.#blanks === 0 && format.continues?.(line, pending.taken)) {
      pending.taken++;
      this.#append(pending, line, trace);
      return true;
    }
    const c = line.charCodeAt(0);
    if (c === 32 || c === 9) {
      if (trace === undefined && isFrame(line)) {
        // The frames' head is the line above them.
        pending.traceAt = pending.more.length - 1;
        this.#append(pending, line, "frames");
      } else this.#append(pending, line, trace);
      return true;
    }
    const next = trace === undefined ? undefined : traceGoesOn(trace, line, this.#blanks > 0);
    if (next === undefined) return false;
    this.#append(pending, line, next);
    return true;
  }

  #append(pending: Pending<Origin>, line: string, trace: TraceKind | undefined): void {
    // Empty lines are part of a record only when more of it follows.
    for (; this.#blanks > 0; this.#blanks--) pending.more.push("");
    pending.more.push(line);
    pending.length += line.length + 1;
    pending.trace = trace;
  }

  #isFull(pending: Pending<Origin>, line: string): boolean {
    return (
      pending.more.length + this.#blanks >= MAX_RECORD_LINES ||
      pending.length + line.length > MAX_RECORD_LENGTH
    );
  }
}

/** Puts the lines behind the first into the draft. */
function finish({ draft, format, first, more, taken, trace, traceAt }: Pending<unknown>): void {
  if (taken === 0 || format === "stack-trace" || format.extend === undefined) {
    if (trace !== undefined) attachTrace(draft, first, more, traceAt);
    else if (more.length > 0) draft.body += `\n${more.join("\n")}`;
    return;
  }
  format.extend(draft, trace === undefined ? more : more.slice(0, traceAt));
  if (trace !== undefined) attachTrace(draft, first, more.slice(traceAt), 0);
}

/** True when a trace behind this record is the one that it reports, rather than one that nobody caught. */
function reports({ draft, trace }: Pending<unknown>): boolean {
  if (trace !== undefined) return false;
  if (draft.severityNumber === 0) return draft.timestamp !== undefined;
  return draft.severityNumber >= 13 || draft.logger !== "";
}
