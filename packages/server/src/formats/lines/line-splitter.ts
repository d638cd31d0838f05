/** One line of a stream. */
export class SplitLine {
  /** Where its bytes lie: from `from` up to but not including `to`. Theirs as long as the chunk's are. */
  readonly bytes: Uint8Array;
  readonly from: number;
  readonly to: number;
  /** How many bytes of the stream lie before and in it, its end included. */
  readonly end: number;
  /** Bytes that were cut off its end. */
  readonly cutBytes: number;
  #text: string | undefined;

  constructor(bytes: Uint8Array, from: number, to: number, end: number, cutBytes: number) {
    this.bytes = bytes;
    this.from = from;
    this.to = to;
    this.end = end;
    this.cutBytes = cutBytes;
  }

  get text(): string {
    this.#text ??= decode(this.bytes, this.from, this.to);
    return this.#text;
  }
}

/** Longest line that is kept of a log. */
export const MAX_LINE_BYTES = 1 << 20;

const NEWLINE = 10;
const RETURN = 13;

/**
 * Hot path. Cuts chunks of bytes into lines. Characters may be split between chunks; what isn't UTF-8 is
 * replaced by U+FFFD. Memory stays bounded whatever comes.
 */
export class LineSplitter {
  #parts: Uint8Array[] = [];
  /** Bytes in `#parts`. */
  #kept = 0;
  #cut = 0;
  #position: number;
  #isAtStart: boolean;
  readonly #maxLineBytes: number;
  /** Bytes dropped from all lines so far. */
  droppedBytes = 0;

  /**
   * @param position where in the stream the first byte lies
   * @param maxLineBytes what is over of a line is dropped and counted
   */
  constructor(position = 0, maxLineBytes = MAX_LINE_BYTES) {
    this.#maxLineBytes = maxLineBytes;
    this.#position = position;
    this.#isAtStart = position === 0;
  }

  /** True when bytes of an unfinished line are held. */
  get hasPartial(): boolean {
    return this.#kept > 0 || this.#cut > 0;
  }

  push(chunk: Uint8Array, onLine: (line: SplitLine) => void): void {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      this.#position += end + 1 - start;
      if (this.#parts.length === 0 && end - start <= this.#maxLineBytes) {
        onLine(this.#line(chunk, start, end, 0));
      } else {
        this.#keep(chunk, start, end);
        onLine(this.#take());
      }
      start = end + 1;
    }
    this.#position += chunk.length - start;
    if (start < chunk.length) this.#keep(chunk, start, chunk.length);
  }

  /** The last line, when the stream has ended without an end of line. */
  end(onLine: (line: SplitLine) => void): void {
    if (this.hasPartial) onLine(this.#take());
  }

  #keep(chunk: Uint8Array, start: number, end: number): void {
    const room = Math.min(end - start, this.#maxLineBytes - this.#kept);
    // A copy: the chunk's memory belongs to whoever reads the stream.
    if (room > 0) this.#parts.push(Buffer.from(chunk.subarray(start, start + room)));
    this.#kept += room;
    this.#cut += end - start - room;
    this.droppedBytes += end - start - room;
    // A byte at a time must not become an array of a million.
    if (this.#parts.length > 1024) this.#parts = [Buffer.concat(this.#parts, this.#kept)];
  }

  #take(): SplitLine {
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts, this.#kept);
    const cut = this.#cut;
    this.#parts = [];
    this.#kept = 0;
    this.#cut = 0;
    return this.#line(bytes, 0, cut > 0 ? wholeCharacters(bytes) : bytes.length, cut);
  }

  #line(bytes: Uint8Array, start: number, end: number, cutBytes: number): SplitLine {
    if (end > start && bytes[end - 1] === RETURN) end--;
    // A file that was truncated under its writer goes on behind a hole of zeros.
    while (start < end && bytes[start] === 0) start++;
    if (this.#isAtStart) {
      this.#isAtStart = false;
      if (bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf) start += 3;
    }
    return new SplitLine(bytes, start, end, this.#position, cutBytes);
  }
}

function decode(bytes: Uint8Array, start: number, end: number): string {
  const buffer = bytes instanceof Buffer ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  return buffer.toString("utf8", start, end);
}

/** The length without a character that the cut has split. */
function wholeCharacters(bytes: Uint8Array): number {
  let end = bytes.length;
  while (end > 0 && bytes.length - end < 4 && (bytes[end - 1]! & 0xc0) === 0x80) end--;
  return end > 0 && bytes[end - 1]! >= 0xc0 ? end - 1 : bytes.length;
}
