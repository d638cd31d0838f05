/** Where bytes go, such as a file descriptor. */
export interface ByteOutput {
  /** Writes all of it before it returns, or throws. */
  write(bytes: Uint8Array): void;
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

/**
 * Hot path. Gathers the lines of a turn of the event loop and writes them in one piece: a system call costs more than
 * making ten lines.
 */
export class TurnWriter {
  readonly #options: TurnWriterOptions;
  readonly #schedule: (callback: () => void) => void;
  readonly #flush = () => this.flush();
  readonly #isImmediate: boolean;
  #text = "";
  #lines = 0;
  #isScheduled = false;

  constructor(options: TurnWriterOptions) {
    this.#options = options;
    this.#schedule = options.schedule ?? setImmediate;
    this.#isImmediate = options.durability === "record";
  }

  write(line: string): void {
    this.#text += line;
    this.#lines++;
    if (this.#isImmediate || this.#text.length >= MOST) {
      this.#out();
    } else if (!this.#isScheduled) {
      this.#isScheduled = true;
      this.#schedule(this.#flush);
    }
  }

  /** Writes what there is. */
  flush(): void {
    this.#isScheduled = false;
    if (this.#lines > 0) this.#out();
  }

  #out(): void {
    const text = this.#text;
    const lines = this.#lines;
    this.#text = "";
    this.#lines = 0;
    try {
      this.#options.output.write(Buffer.from(text));
    } catch (error) {
      this.#options.onLost(error, lines);
    }
  }
}
