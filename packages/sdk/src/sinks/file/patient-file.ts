import type { Problems } from "../../problems.ts";
import type { ByteOutput } from "../turn-writer.ts";

/** Bytes that are kept while the file can't be written. */
const MOST = 4 * 1024 * 1024;
/** Milliseconds between two tries. */
const PAUSE = 1_000;

const NEWLINE = 10;
const BLANK = 32;

/** What is written to; see {@link FollowedFile}. */
export interface Attempt {
  open(): void;
  write(lines: Uint8Array): { readonly written: number; readonly error?: unknown };
  close(): void;
}

interface Chunk {
  readonly bytes: Uint8Array;
  readonly records: number;
}

/**
 * Writes to a file through times when that doesn't work: the disk is full, the directory gone, the network's share
 * away. Keeps a bounded part meanwhile, drops and counts what is beyond, tells once, and goes on by itself.
 */
export class PatientFile implements ByteOutput {
  readonly #path: string;
  readonly #file: Attempt;
  readonly #problems: Problems;
  #kept: Chunk[] = [];
  #size = 0;
  #timer: NodeJS.Timeout | undefined;
  #isClosed = false;
  dropped = 0;

  constructor(path: string, file: Attempt, problems: Problems) {
    this.#path = path;
    this.#file = file;
    this.#problems = problems;
  }

  /**
   * Never throws.
   *
   * @param bytes may change after the call; what is kept of them is copied
   * @param records how many there are in the bytes
   */
  write(bytes: Uint8Array, records: number): void {
    if (this.#isClosed) this.dropped += records;
    else if (this.#kept.length > 0) this.#keep({ bytes, records });
    else this.#attempt({ bytes, records });
  }

  /** Tries again at once. */
  retry(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const chunks = this.#kept;
    this.#kept = [];
    this.#size = 0;
    for (const chunk of chunks) {
      if (this.#kept.length > 0) this.#keep(chunk);
      else this.#attempt(chunk);
    }
  }

  /** Opens anew what is at the path now. */
  reopen(): void {
    try {
      this.#file.open();
    } catch (error) {
      this.#tell(error);
    }
  }

  /** Tries a last time; what can't be written is dropped. */
  close(): void {
    this.retry();
    clearTimeout(this.#timer);
    this.#isClosed = true;
    for (const { records } of this.#kept) this.dropped += records;
    this.#kept = [];
    this.#file.close();
  }

  #attempt({ bytes, records }: Chunk): void {
    const { written, error } = this.#file.write(bytes);
    if (error === undefined) return;
    this.#tell(error);
    // Room may come back by itself; of anything else the descriptor may be the cause.
    if (!isFull(error)) this.#file.close();
    const rest = bytes.subarray(written);
    if (written === 0) this.#keep({ bytes: rest, records });
    // However long: the next record must not go on in the line that this one has begun.
    else this.#keep({ bytes: rest, records: Math.min(records, recordsIn(rest)) }, Number.POSITIVE_INFINITY);
  }

  #keep({ bytes, records }: Chunk, most = MOST): void {
    if (this.#size + bytes.length > most) {
      this.dropped += records;
      return;
    }
    this.#kept.push({ bytes: Buffer.from(bytes), records });
    this.#size += bytes.length;
    this.#timer ??= setTimeout(() => this.retry(), PAUSE).unref();
  }

  #tell(error: unknown): void {
    this.#problems.tell(
      "POLYLOG_E_SINK",
      `${this.#path} ${codeOf(error)}`,
      `${this.#path} can't be written: ${error}. The next ${MOST / 1024 / 1024} MiB are kept until it can, what comes beyond is dropped and counted`,
    );
  }
}

/** Records that end in the bytes: all formats indent further lines of a record. */
function recordsIn(bytes: Uint8Array): number {
  let records = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0; at = bytes.indexOf(NEWLINE, at + 1)) {
    if (bytes[at + 1] !== BLANK) records++;
  }
  return records;
}

function codeOf(error: unknown): string {
  return String((error as NodeJS.ErrnoException).code);
}

/** No room on the disk, or none left of the user's part of it. */
function isFull(error: unknown): boolean {
  return ["ENOSPC", "EDQUOT"].includes(codeOf(error));
}
