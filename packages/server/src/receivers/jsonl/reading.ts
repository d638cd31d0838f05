import { setImmediate } from "node:timers/promises";
import type { LineError, LinesOpening, LinesPart } from "../../decoding/protocol.ts";
import type { Decoding, LinesDecoding } from "../../decoding/threads.ts";
import type { Records } from "../../record/encoded-records.ts";
import type { LogRecord } from "../../record/record.ts";
import { JsonlDecoder } from "./decoder.ts";
import { isPartFull, SLICE_BYTES } from "./parts.ts";

/** Records to be committed before more is read. */
export interface Part extends Omit<LinesPart, "records"> {
  readonly records: Records<LogRecord>;
}

/** Reads the JSON lines of a request while they come. */
export interface Reading {
  /** Takes bytes, and gives parts as they get full. */
  push(chunk: Buffer): AsyncIterable<Part>;
  /** Gives what is left. */
  end(): AsyncIterable<Part>;
  /** Records that are decoded and in no part yet. */
  readonly waiting: number;
  /** Lines that could not be read. */
  readonly rejected: number;
  /** The first ten of them. */
  readonly errors: readonly LineError[];
  /** To be called in any case, when it is over. */
  close(): void;
}

/** Reads on the threads, if there are any and there is enough to read; otherwise here. */
export function readLines(opening: LinesOpening, decoding: Decoding | undefined, sender: string): Reading {
  if (decoding === undefined || decoding.heavyBytes === Number.POSITIVE_INFINITY)
    return new ReadingHere(opening);
  return new ReadingElsewhere(opening, decoding, sender);
}

class ReadingHere implements Reading {
  readonly #decoder: JsonlDecoder;
  #records: LogRecord[] = [];
  /** Bytes that went into the next part. */
  #bytes = 0;

  constructor({ defaults, now }: LinesOpening) {
    this.#decoder = new JsonlDecoder(defaults, now);
  }

  get waiting(): number {
    return this.#records.length;
  }

  get rejected(): number {
    return this.#decoder.rejected;
  }

  get errors(): readonly LineError[] {
    return this.#decoder.errors;
  }

  async *push(chunk: Buffer): AsyncGenerator<Part> {
    for (let start = 0; start < chunk.length; start += SLICE_BYTES) {
      const slice = chunk.subarray(start, start + SLICE_BYTES);
      this.#bytes += slice.length;
      this.#decoder.push(slice);
      this.#take();
      if (isPartFull(this.#bytes, this.#records.length)) yield* this.#part();
      await setImmediate();
    }
  }

  async *end(): AsyncGenerator<Part> {
    this.#decoder.end();
    this.#take();
    yield* this.#part();
  }

  close(): void {}

  #take(): void {
    const decoded = this.#decoder.take();
    this.#records = this.#records.length === 0 ? decoded : this.#records.concat(decoded);
  }

  *#part(): Generator<Part> {
    // Until it is committed its records count as those that wait.
    yield { records: this.#records, bytes: this.#bytes, line: this.#decoder.line };
    this.#records = [];
    this.#bytes = 0;
  }
}

/** Bytes that go to the thread at a time: many more than a hop costs, and few of all that may be under way. */
const PIECE_BYTES = 512 << 10;

class ReadingElsewhere implements Reading {
  readonly #opening: LinesOpening;
  readonly #decoding: Decoding;
  readonly #lines: LinesDecoding;
  #isBegun = false;
  #gathered: Buffer[] = [];
  #bytes = 0;
  waiting = 0;
  rejected = 0;
  errors: readonly LineError[] = [];

  constructor(opening: LinesOpening, decoding: Decoding, sender: string) {
    this.#opening = opening;
    this.#decoding = decoding;
    this.#lines = decoding.lines(opening, sender);
  }

  async *push(chunk: Buffer): AsyncGenerator<Part> {
    this.#gathered.push(chunk);
    this.#bytes += chunk.length;
    if (this.#bytes >= Math.max(PIECE_BYTES, this.#decoding.heavyBytes)) yield* this.#read(false);
  }

  async *end(): AsyncGenerator<Part> {
    if (this.#isBegun || this.#bytes >= this.#decoding.heavyBytes) yield* this.#read(true);
    else yield* this.#readHere();
  }

  close(): void {
    this.#lines.close();
  }

  async *#read(isLast: boolean): AsyncGenerator<Part> {
    this.#isBegun = true;
    let bytes: Buffer | undefined = Buffer.concat(this.#gathered.splice(0));
    this.#bytes = 0;
    for (;;) {
      const answer = await this.#lines.read(bytes, isLast);
      const { part, isDone } = answer;
      if (part !== undefined) {
        this.#tell({ ...answer, waiting: part.records.length });
        yield part;
      }
      this.#tell(answer);
      if (isDone) return;
      bytes = undefined;
    }
  }

  /** It was not much after all. */
  async *#readHere(): AsyncGenerator<Part> {
    const here = new ReadingHere(this.#opening);
    for (const chunk of this.#gathered.splice(0)) yield* this.#telling(here, here.push(chunk));
    yield* this.#telling(here, here.end());
  }

  async *#telling(here: ReadingHere, parts: AsyncIterable<Part>): AsyncGenerator<Part> {
    for await (const part of parts) {
      this.#tell(here);
      yield part;
    }
    this.#tell(here);
  }

  #tell({ waiting, rejected, errors }: Pick<Reading, "waiting" | "rejected" | "errors">): void {
    this.waiting = waiting;
    this.rejected = rejected;
    this.errors = errors;
  }
}
