/** Where bytes go, such as a file descriptor. */
export interface ByteOutput {
  /**
   * Writes all of it before it returns, or throws.
   *
   * @param bytes of whole lines; they are the writer's own and change afterwards: what is kept has to be copied
   */
  write(bytes: Uint8Array, lines: number): void;
}

export interface TurnWriterOptions {
  readonly output: ByteOutput;
  /** Called when output throws, with the lines that are lost by it. */
  readonly onLost: (error: unknown, lines: number) => void;
  /** Calls back at the end of the turn. @defaultValue `setImmediate` */
  readonly schedule?: (callback: () => void) => void;
  /** `turn`: a turn of the event loop is written at once. `record`: each line is, before the call returns. */
  readonly durability?: "turn" | "record";
}

/** Characters that are kept at most before they are written. */
const MOST = 64 * 1024;
/** Bytes that so many characters can take in UTF-8. */
const MOST_BYTES = MOST * 3;

/** Shared by all writers: what lies in it has been written when the next one comes. */
let room: Buffer | undefined;

function bytesOf(text: string): Uint8Array {
  // A line that is longer than all that is gathered otherwise.
  if (text.length > MOST) return Buffer.from(text);
  room ??= Buffer.allocUnsafeSlow(MOST_BYTES);
  return room.subarray(0, room.write(text, 0, "utf8"));
}

/**
 * Hot path. Gathers the lines of a turn of the event loop and writes them in one piece: a system call costs more than
 * making ten lines.
 */
export class TurnWriter {
  readonly #options: TurnWriterOptions;
  readonly #schedule: (callback: () => void) => void;
  readonly #flush = () => this.flush();
  #isImmediate: boolean;
  #text = "";
  #lines = 0;
  #isScheduled = false;

  constructor(options: TurnWriterOptions) {
    this.#options = options;
    this.#schedule = options.schedule ?? setImmediate;
    this.#isImmediate = options.durability === "record";
  }

  write(line: string): void {
    // What is written at once stays within the room that is there for it.
    if (this.#text.length + line.length > MOST && this.#lines > 0) this.#out();
    this.#text += line;
    this.#lines++;
    if (this.#isImmediate || this.#text.length >= MOST) {
      this.#out();
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#schedule(this.#flush);
    }
  }

  /**
   * Writes what there is.
   *
   * @param isEnding true when no turn of the event loop comes any more: from now on each line is written at once
   */
  flush(isEnding = false): void {
    if (isEnding) this.#isImmediate = true;
    this.#isScheduled = false;
    if (this.#lines > 0) this.#out();
  }

  #out(): void {
    const text = this.#text;
    const lines = this.#lines;
    this.#text = "";
    this.#lines = 0;
    try {
      this.#options.output.write(bytesOf(text), lines);
    } catch (error) {
      this.#options.onLost(error, lines);
    }
  }
}
