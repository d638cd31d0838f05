import { foreignError } from "../bridges/foreign-error.ts";
import type { System } from "../logger/record.ts";
import { type CapturedContexts, createCapturedContexts } from "./captured-contexts.ts";
import type { NativeInlet, NativeLogger } from "./inlet.ts";

/** The format of batches; `crates/polylog/src/encoder.rs` is the other half and says why it is so. */
const HEADER_WORDS = 4;

const OP_RECORD = 1;
const OP_NAME = 2;
const OP_SITE = 3;
const OP_RELEASE = 4;
const RECORD_WORDS = 13;

const NULL = 0;
const FALSE = 1;
const TRUE = 2;
const INTEGER = 3;
const DOUBLE = 4;
const TEXT = 5;
const BIG = 6;
const ERROR = 7;
const PANIC = 8;

/** Records between two looks at the clock. */
const STRIDE = 16;

const SYSTEMS: readonly System[] = ["rust", "cpp"];

/** A place in native code that logs. */
interface Site {
  readonly logger: NativeLogger;
  /** `code.*` fields, for when they are wanted. */
  readonly location: Readonly<Record<string, unknown>>;
}

type Metadata = Record<string, unknown>;

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
  readonly #inlet: NativeInlet;
  readonly #clock: () => number;
  readonly #double = new Float64Array(1);
  readonly #doubleWords = new Uint32Array(this.#double.buffer);
  readonly #names: string[] = [""];
  readonly #sites: Site[] = [];
  readonly #loggers = new Map<string, NativeLogger>();
  readonly #contexts: CapturedContexts;
  /** Position of the next word, and the end of them. */
  #at = 0;
  #end = 0;
  #text = "";
  #textAt = 0;
  /** Where the operation begins that is being read, and its text. */
  #begin = 0;
  #beginText = 0;
  /** How many of the next records were made before anybody said what is wanted. */
  #early = 0;
  #isLocated = false;
  /** What was thrown, of the record that is being read. */
  #error: unknown;

  constructor({ inlet, batchBytes, clock, reader }: DecoderOptions) {
    this.batch = new Uint8Array(batchBytes);
    this.#words = new Uint32Array(this.batch.buffer);
    this.#inlet = inlet;
    this.#clock = clock;
    this.#contexts = createCapturedContexts(reader);
  }

  get hasMore(): boolean {
    return this.#at < this.#end;
  }

  /** Begins the batch that was written. */
  open(): void {
    const [words = 0, textBytes = 0, isWide = 0, early = 0] = this.#words;
    const start = words * 4;
    const text = Buffer.from(this.batch.buffer, start, textBytes);
    // All text of the batch at once: a string of its own for each costs more than the rest together.
    this.#text = isWide !== 0 ? text.toString("utf8") : text.toString("latin1");
    this.#textAt = 0;
    this.#at = HEADER_WORDS;
    this.#end = words;
    this.#early = early;
    this.#isLocated = this.#inlet.isLocated;
  }

  /** Hot. Reads on until the batch is through, or the clock shows this time. */
  run(until: number): void {
    const words = this.#words;
    let left = STRIDE;
    while (this.#at < this.#end) {
      const first = words[this.#at]!;
      const op = first & 0xff;
      this.#begin = this.#at;
      this.#beginText = this.#textAt;
      if (op === OP_RECORD) {
        this.#record(first >>> 8);
        if (--left > 0) continue;
        left = STRIDE;
        if (this.#clock() >= until) return;
      } else if (op === OP_NAME) this.#name();
      else if (op === OP_SITE) this.#site(SYSTEMS[first >>> 8] ?? "rust");
      else if (op === OP_RELEASE) {
        this.#contexts.delete(words[this.#at + 1]!);
        this.#at += 2;
      } else {
        throw new RangeError(`a batch of native records has an operation ${op}`);
      }
    }
    // It would be kept alive until the next batch.
    this.#text = "";
  }

  /**
   * After `run` has thrown: goes past what can't be read. A record says itself how long it is, so the next can be read; after
   * anything else it isn't known where that begins, and the batch is over.
   *
   * @returns how many records are lost, at least
   */
  passBroken(): number {
    const at = this.#begin;
    const length = this.#words[at + 10] ?? 0;
    const isRecord = (this.#words[at]! & 0xff) === OP_RECORD;
    if (isRecord && length >= RECORD_WORDS && length <= this.#end - at) {
      this.#textAt = this.#beginText;
      this.#pass(at);
    } else {
      this.#at = this.#end;
      this.#text = "";
    }
    return 1;
  }

  /** Remembers what is active now, until native code gives it back. 0 when nothing is. */
  capture(): number {
    return this.#contexts.add(this.#inlet.capture());
  }

  #name(): void {
    const id = this.#words[this.#at + 1]!;
    this.#names[id] = copyOf(this.#cut(this.#words[this.#at + 2]!));
    this.#at += 3;
  }

  #site(system: System): void {
    const words = this.#words;
    const at = this.#at;
    const id = words[at + 1]!;
    const target = this.#cut(words[at + 2]!);
    // A place without a number is gone with the next one.
    const keep = id === 0 ? (text: string) => text : copyOf;
    const module = keep(this.#cut(words[at + 3]!));
    const file = keep(this.#cut(words[at + 4]!));
    const line = words[at + 5]!;
    this.#sites[id] = {
      logger: this.#logger(target, system),
      location: {
        ...(module && { "code.namespace": module }),
        ...(file && { "code.file.path": file }),
        ...(line > 0 && { "code.line.number": line }),
      },
    };
    this.#at += 6;
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

  #record(rank: number): void {
    const words = this.#words;
    const at = this.#at;
    const { logger, location } = this.#sites[words[at + 1]!]!;
    if (this.#early > 0) {
      this.#early--;
      if (!logger.isEnabled(rank)) {
        this.#pass(at);
        return;
      }
    }
    const time = this.#number(at + 2);
    const context = words[at + 6]!;
    const message = words[at + 8]!;
    /** What of its text line follows the message; 0 where the line has to be made here. */
    const line = words[at + 12]!;
    if (line > 0 && context === 0 && !this.#isLocated) {
      const start = this.#textAt;
      this.#pass(at);
      if (logger.sendWritten(rank, time, this.#text.substring(start, start + message + line))) return;
      this.#textAt = start;
    }
    const spans = words[at + 7]!;
    const fields = words[at + 9]!;
    const said = this.#cut(message);
    this.#textAt += line;
    this.#at = at + RECORD_WORDS;
    this.#error = undefined;
    let metadata: Metadata | undefined = fields > 0 ? this.#fields(fields, true) : undefined;
    if (spans > 0) metadata = withSpans(metadata, this.#spans(spans));
    if (this.#isLocated) metadata = { ...metadata, ...location, ...this.#thread(at) };
    const captured = context === 0 ? undefined : this.#contexts.get(context);
    logger.send(rank, time, said, metadata, this.#error, captured);
  }

  /** Goes past a record, of which nothing more is needed. */
  #pass(at: number): void {
    this.#at = at + this.#words[at + 10]!;
    this.#textAt += this.#words[at + 11]!;
  }

  #thread(at: number): Metadata {
    const name = this.#words[at + 5]!;
    return { "thread.id": this.#words[at + 4]!, ...(name > 0 && { "thread.name": this.#names[name] }) };
  }

  #spans(count: number): Metadata[] {
    const spans: Metadata[] = [];
    for (let left = count; left > 0; left--) {
      const id = this.#words[this.#at]!;
      const fields = this.#words[this.#at + 1]!;
      this.#at += 2;
      const name = id === 0 ? this.#cut(this.#words[this.#at++]!) : this.#names[id]!;
      spans.push(fields > 0 ? { name, fields: this.#fields(fields, false) } : { name });
    }
    return spans;
  }

  #fields(count: number, isOfRecord: boolean): Metadata {
    const fields: Metadata = {};
    for (let left = count; left > 0; left--) {
      const word = this.#words[this.#at++]!;
      const id = word >>> 8;
      const name = id === 0 ? this.#cut(this.#words[this.#at++]!) : this.#names[id]!;
      const kind = word & 0xff;
      const value = this.#value(kind);
      if (isOfRecord && (kind === PANIC || (kind === ERROR && isErrorName(name)))) this.#error = value;
      else if (name === "__proto__") define(fields, name, value);
      else fields[name] = value;
    }
    return fields;
  }

  #value(kind: number): unknown {
    const words = this.#words;
    switch (kind) {
      case TEXT:
        return this.#cut(words[this.#at++]!);
      case INTEGER:
        return words[this.#at++]! | 0;
      case DOUBLE:
        this.#at += 2;
        return this.#number(this.#at - 2);
      case TRUE:
        return true;
      case FALSE:
        return false;
      case NULL:
        return null;
      case BIG:
        return BigInt(this.#cut(words[this.#at++]!));
      case ERROR:
        return this.#errors();
      case PANIC: {
        const message = this.#cut(words[this.#at++]!);
        return foreignError({ name: "panic", message, stack: this.#cut(words[this.#at++]!) });
      }
      default:
        throw new RangeError(`a batch of native records has a value of kind ${kind}`);
    }
  }

  /** An error and those behind it. They are all that is known of it: Rust's have no stack, and no name. */
  #errors(): Error {
    const messages: string[] = [];
    for (let left = this.#words[this.#at++]!; left > 0; left--)
      messages.push(this.#cut(this.#words[this.#at++]!));
    let error: Error | undefined;
    for (const message of messages.reverse()) error = foreignError({ message, cause: error });
    return error ?? foreignError({});
  }

  #number(at: number): number {
    this.#doubleWords[0] = this.#words[at]!;
    this.#doubleWords[1] = this.#words[at + 1]!;
    return this.#double[0]!;
  }

  #cut(units: number): string {
    const start = this.#textAt;
    this.#textAt = start + units;
    return this.#text.substring(start, start + units);
  }
}

/** A text to keep: one that was cut out of a batch keeps all of the batch's text, up to a megabyte, alive. */
function copyOf(text: string): string {
  return Buffer.from(text).toString();
}

function isErrorName(name: string): boolean {
  return name === "error" || name === "err";
}

/** The record's own fields keep their names. */
function withSpans(metadata: Metadata | undefined, spans: readonly Metadata[]): Metadata {
  if (metadata === undefined) return { spans };
  metadata["spans" in metadata ? "open_spans" : "spans"] = spans;
  return metadata;
}

/** A field of any name is a field. */
function define(fields: Metadata, name: string, value: unknown): void {
  Object.defineProperty(fields, name, { value, enumerable: true, configurable: true, writable: true });
}
