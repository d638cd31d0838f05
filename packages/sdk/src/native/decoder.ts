import type { System } from "../logger/record.ts";
import { BatchCursor } from "./batch-cursor.ts";
import { type CapturedContexts, createCapturedContexts } from "./captured-contexts.ts";
import { type FieldHistory, FieldReader, type Fields } from "./field-reader.ts";
import type { CapturedContext, NativeInlet, NativeLogger } from "./inlet.ts";
import { copyOf } from "./kept-text.ts";
import { readSpan } from "./span-reader.ts";
import { spanTaker } from "./span-taker.ts";

/** The format of batches; `crates/polylog/src/encoder.rs` is the other half and says why it is so. */
const HEADER_WORDS = 5;
/** How many records were handed over. When this thread is ended, native code counts the others as lost. */
const HANDED = 4;

const OP_RECORD = 1;
const OP_NAME = 2;
const OP_SITE = 3;
const OP_RELEASE = 4;
const OP_SPAN = 5;
const RECORD_WORDS = 13;
/** Of the word that tells the length of the message: it tells the number of its name instead. */
const NAMED = 0x8000_0000;
/** Of the first word, above the rank: the last two words of the record are the id of its span. */
const MARKED = 0x100;

/** Records between two looks at the clock. */
const STRIDE = 16;

const SYSTEMS: readonly System[] = ["rust", "cpp"];

/** A place in native code that logs. */
interface Site extends FieldHistory {
  readonly target: string;
  readonly system: System;
  readonly logger: NativeLogger;
  /** `code.*` fields, for when they are wanted. */
  readonly location: Readonly<Record<string, unknown>>;
}

export interface DecoderOptions {
  readonly inlet: NativeInlet;
  readonly batchBytes: number;
  /** Milliseconds of a clock that only goes forward. */
  readonly clock: () => number;
  /** Number of the thread that reads. */
  readonly reader: number;
}

/** Loggers that are kept by name; native code that makes names of data looks them up each time. */
const MOST_LOGGERS = 10_000;

/** Brings the records of a batch to their loggers, a slice at a time. */
export class Decoder {
  /** Where batches are written to. */
  readonly batch: Uint8Array;
  readonly #words: Uint32Array;
  readonly #cursor: BatchCursor;
  readonly #inlet: NativeInlet;
  readonly #clock: () => number;
  readonly #fields: FieldReader;
  readonly #sites: Site[] = [];
  readonly #loggers = new Map<string, NativeLogger>();
  readonly #contexts: CapturedContexts;
  /** The end of the words. */
  #end = 0;
  /** Where the operation begins that is being read, and its text. */
  #begin = 0;
  #beginText = 0;
  /** How many of the next records were made before anybody said what is wanted. */
  #early = 0;
  #isLocated = false;
  /** Spans that belong to a context which isn't known here, or can't be read. */
  lostSpans = 0;

  constructor({ inlet, batchBytes, clock, reader }: DecoderOptions) {
    this.batch = new Uint8Array(batchBytes);
    this.#words = new Uint32Array(this.batch.buffer);
    this.#cursor = new BatchCursor(this.#words);
    this.#fields = new FieldReader(this.#cursor);
    this.#inlet = inlet;
    this.#clock = clock;
    this.#contexts = createCapturedContexts(reader);
  }

  get hasMore(): boolean {
    return this.#cursor.at < this.#end;
  }

  /** Begins the batch that was written. */
  open(): void {
    const [words = 0, textBytes = 0, isWide = 0, early = 0] = this.#words;
    const start = words * 4;
    const text = Buffer.from(this.batch.buffer, start, textBytes);
    // All text of the batch at once: a string of its own for each costs more than the rest together.
    this.#cursor.text = isWide !== 0 ? text.toString("utf8") : text.toString("latin1");
    this.#cursor.textAt = 0;
    this.#cursor.at = HEADER_WORDS;
    this.#end = words;
    this.#early = early;
    this.#isLocated = this.#inlet.isLocated;
  }

  /** Hot. Reads on until the batch is through, or the clock shows this time. */
  run(until: number): void {
    const words = this.#words;
    let left = STRIDE;
    while (this.#cursor.at < this.#end) {
      const first = words[this.#cursor.at]!;
      const op = first & 0xff;
      this.#begin = this.#cursor.at;
      this.#beginText = this.#cursor.textAt;
      if (op === OP_RECORD) {
        this.#record(first >>> 8);
        words[HANDED]!++;
        if (--left > 0) continue;
        left = STRIDE;
        if (this.#clock() >= until) return;
      } else if (op === OP_SPAN) {
        this.#span();
        if (--left > 0) continue;
        left = STRIDE;
        if (this.#clock() >= until) return;
      } else if (op === OP_NAME) this.#name();
      else if (op === OP_SITE) this.#site(SYSTEMS[first >>> 8] ?? "rust");
      else if (op === OP_RELEASE) {
        this.#contexts.delete(words[this.#cursor.at + 1]!);
        this.#cursor.at += 2;
      } else {
        throw new RangeError(`a batch of native records has an operation ${op}`);
      }
    }
    // It would be kept alive until the next batch.
    this.#cursor.text = "";
  }

  /**
   * After `run` has thrown: goes past what can't be read. Records and spans say themselves how long they are, so the next can be
   * read; after anything else it isn't known where that begins, and the batch is over.
   *
   * @returns how many records are lost, at least; spans are counted by {@link lostSpans}
   */
  passBroken(): number {
    const at = this.#begin;
    const length = this.#words[at + 10] ?? 0;
    const op = this.#words[at]! & 0xff;
    const isSpan = op === OP_SPAN;
    if ((op === OP_RECORD || isSpan) && length >= RECORD_WORDS && length <= this.#end - at) {
      this.#cursor.textAt = this.#beginText;
      this.#pass(at);
    } else {
      this.#cursor.at = this.#end;
      this.#cursor.text = "";
    }
    if (isSpan) this.lostSpans++;
    return isSpan ? 0 : 1;
  }

  /**
   * Remembers what is active now, until native code gives it back. 0 when nothing is.
   *
   * @param areSpansRead whether the answer is to say if spans are wanted
   */
  capture(areSpansRead: boolean): number {
    const captured = this.#inlet.capture();
    const number = this.#contexts.add(captured);
    const { trace } = captured;
    const isKept = trace !== undefined && (trace.traceFlags & SAMPLED) !== 0;
    if (number === 0 || !areSpansRead || !isKept || spanTaker() === undefined) return number;
    return number + tagOf(trace.spanId) * 2 ** 32;
  }

  #name(): void {
    const id = this.#words[this.#cursor.at + 1]!;
    this.#fields.names[id] = copyOf(this.#cursor.cut(this.#words[this.#cursor.at + 2]!));
    this.#cursor.at += 3;
  }

  #site(system: System): void {
    const words = this.#words;
    const at = this.#cursor.at;
    const id = words[at + 1]!;
    const target = this.#cursor.cut(words[at + 2]!);
    // A place without a number is gone with the next one.
    const keep = id === 0 ? (text: string) => text : copyOf;
    const module = keep(this.#cursor.cut(words[at + 3]!));
    const file = keep(this.#cursor.cut(words[at + 4]!));
    const line = words[at + 5]!;
    this.#sites[id] = {
      target: keep(target),
      system,
      logger: this.#logger(target, system),
      location: {
        ...(module && { "code.namespace": module }),
        ...(file && { "code.file.path": file }),
        ...(line > 0 && { "code.line.number": line }),
      },
      shape: undefined,
      unshaped: 0,
    };
    this.#cursor.at += 6;
  }

  #logger(target: string, system: System): NativeLogger {
    const key = `${system} ${target}`;
    let logger = this.#loggers.get(key);
    if (logger === undefined) {
      const name = copyOf(target);
      logger = this.#inlet.logger(name, system);
      if (this.#loggers.size < MOST_LOGGERS) this.#loggers.set(`${system} ${name}`, logger);
    }
    return logger;
  }

  #record(marked: number): void {
    const rank = marked & 0xff;
    const words = this.#words;
    const cursor = this.#cursor;
    const { at } = cursor;
    const site = this.#sites[words[at + 1]!]!;
    const { logger } = site;
    if (this.#early > 0) {
      this.#early--;
      if (!logger.isEnabled(rank)) {
        this.#pass(at);
        return;
      }
    }
    const time = cursor.double(at + 2);
    const context = words[at + 6]!;
    const message = words[at + 8]!;
    /** What of its text line follows the message; 0 where the line has to be made here. */
    const line = words[at + 12]!;
    if (line > 0 && context === 0 && !this.#isLocated) {
      const start = cursor.textAt;
      this.#pass(at);
      if (logger.sendWritten(rank, time, cursor.text.substring(start, start + message + line))) return;
      cursor.textAt = start;
    }
    const spans = words[at + 7]!;
    const count = words[at + 9]!;
    const said = message < NAMED ? cursor.cut(message) : this.#fields.names[message - NAMED]!;
    cursor.textAt += line;
    cursor.at = at + RECORD_WORDS;
    this.#fields.error = undefined;
    let metadata = count > 0 ? this.#fields.fields(count, site) : undefined;
    if (spans > 0) metadata = withSpans(metadata, this.#fields.spans(spans));
    if (this.#isLocated) metadata = { ...metadata, ...site.location, ...this.#thread(at) };
    let captured: CapturedContext | undefined;
    if (marked >= MARKED) {
      captured = this.#contexts.within(context, words[cursor.at]!, words[cursor.at + 1]!);
      cursor.at += 2;
    } else if (context > 0) captured = this.#contexts.get(context);
    logger.send(rank, time, said, metadata, this.#fields.error, captured);
  }

  #span(): void {
    const words = this.#words;
    const cursor = this.#cursor;
    const { at } = cursor;
    const trace = this.#contexts.get(words[at + 6]!)?.trace;
    const taker = spanTaker();
    if (trace === undefined) this.lostSpans++;
    if (trace === undefined || taker === undefined) {
      this.#pass(at);
      return;
    }
    const { target, system, location } = this.#sites[words[at + 1]!]!;
    const place = { target, system, location: this.#isLocated ? location : undefined };
    taker.take(readSpan(cursor, this.#fields, trace, place));
  }

  /** Goes past a record or a span, of which nothing more is needed. */
  #pass(at: number): void {
    this.#cursor.at = at + this.#words[at + 10]!;
    this.#cursor.textAt += this.#words[at + 11]!;
  }

  #thread(at: number): Fields {
    const name = this.#words[at + 5]!;
    return {
      "thread.id": this.#words[at + 4]!,
      ...(name > 0 && { "thread.name": this.#fields.names[name] }),
    };
  }
}

/** W3C Trace Context: the trace is kept. */
const SAMPLED = 1;

/** By this native code sees whether two contexts have the same span. */
function tagOf(spanId: string): number {
  return 1 + (Number.parseInt(spanId.slice(-5), 16) || 0);
}

/** The record's own fields keep their names. */
function withSpans(metadata: Fields | undefined, spans: readonly Fields[]): Fields {
  if (metadata === undefined) return { spans };
  metadata["spans" in metadata ? "open_spans" : "spans"] = spans;
  return metadata;
}
