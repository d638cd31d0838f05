import { MAX_LINE_BYTES } from "../../formats/lines/line-splitter.ts";
import { ByteInbox } from "../listeners/byte-inbox.ts";

/** Takes one message: its text, its bytes on the wire, and how many of them were cut off its end. */
export type OnMessage = (text: string, bytes: number, cutBytes: number) => void;

const NEWLINE = 10;
const SPACE = 32;
const LESS_THAN = 60;
/** Digits of an octet count: more than a message can have. */
const MAX_DIGITS = 9;

/**
 * Hot path. Cuts a stream into syslog messages, of which each says by its first byte how it is framed: a digit
 * begins an octet count (`29 <13>…`), anything else a line that ends with LF, CR LF or NUL, which is what Python's
 * handler ends it with.
 *
 * A message longer than 1 MiB is cut, and the bytes that are over are counted. What isn't UTF-8 becomes U+FFFD.
 *
 * Source: RFC 6587, sections 3.4.1 and 3.4.2; RFC 5425, section 4.3.
 */
export class SyslogFraming {
  readonly #onMessage: OnMessage;
  readonly #inbox = new ByteInbox();
  /** Bytes at the inbox' beginning that hold no end of line. */
  #scanned = 0;
  /** A message whose kept part is read and whose rest is dropped. */
  #long: { text: string; bytes: number; cutBytes: number; rest: number } | undefined;

  constructor(onMessage: OnMessage) {
    this.#onMessage = onMessage;
  }

  /** Bytes held of a message that is not complete. */
  get heldBytes(): number {
    return this.#inbox.length + (this.#long?.text.length ?? 0);
  }

  push(chunk: Buffer): void {
    const bytes = this.#inbox.add(chunk);
    const read = this.#read(bytes);
    this.#scanned = Math.max(0, this.#scanned - read);
    this.#inbox.keep(bytes, read);
  }

  /** The stream is over: what is held is a message. */
  end(): void {
    const bytes = this.#inbox.add(Buffer.alloc(0));
    if (this.#long !== undefined) this.#emitLong();
    // `add` of nothing to nothing gives nothing.
    const start = bytes.length > 0 ? Math.max(0, this.#countAt(bytes, 0)?.start ?? 0) : 0;
    if (bytes.length > start) this.#emit(bytes, start, bytes.length);
    this.#inbox.keep(bytes, bytes.length);
  }

  /** Returns how far it came. */
  #read(bytes: Buffer): number {
    let at = 0;
    // Looked for once and not from each line anew: hardly anybody sends one.
    let nul = bytes.indexOf(0, this.#scanned);
    for (;;) {
      if (this.#long !== undefined) {
        at = this.#drop(bytes, at);
        if (this.#long !== undefined) return bytes.length;
      }
      if (at >= bytes.length) return at;
      const count = this.#countAt(bytes, at);
      if (count === null) return at;
      if (count !== undefined) {
        const { start, length } = count;
        const kept = Math.min(length, MAX_LINE_BYTES);
        if (bytes.length - start < kept) return at;
        if (length > kept) this.#begin(bytes, start, kept, length - kept);
        else this.#emit(bytes, start, start + length);
        at = start + kept;
        continue;
      }
      const from = Math.max(at, this.#scanned);
      if (nul >= 0 && nul < from) nul = bytes.indexOf(0, from);
      const newline = bytes.indexOf(NEWLINE, from);
      const end = nul >= 0 && (newline < 0 || nul < newline) ? nul : newline;
      if ((end < 0 ? bytes.length : end) - at > MAX_LINE_BYTES) {
        this.#begin(bytes, at, MAX_LINE_BYTES, Number.POSITIVE_INFINITY);
        at += MAX_LINE_BYTES;
        continue;
      }
      if (end < 0) {
        this.#scanned = bytes.length;
        return at;
      }
      this.#emit(bytes, at, end);
      at = end + 1;
    }
  }

  /** The octet count at `at`, undefined when there is none, null when it takes more bytes to know. */
  #countAt(bytes: Buffer, at: number): { start: number; length: number } | undefined | null {
    let length = 0;
    for (let i = at; i < bytes.length && i - at <= MAX_DIGITS; i++) {
      const c = bytes[i]!;
      if (c === SPACE && i > at) {
        if (i + 1 === bytes.length) return null;
        // `2026 began well` is a line; every counted message begins with its priority.
        return bytes[i + 1] === LESS_THAN ? { start: i + 1, length } : undefined;
      }
      if (c < 48 || c > 57 || (i === at && c === 48)) return undefined;
      length = length * 10 + c - 48;
    }
    return bytes.length - at > MAX_DIGITS ? undefined : null;
  }

  #begin(bytes: Buffer, start: number, kept: number, rest: number): void {
    this.#long = { text: bytes.toString("utf8", start, start + kept), bytes: kept, cutBytes: 0, rest };
  }

  /** Drops bytes of the long message; returns where the next one begins. */
  #drop(bytes: Buffer, at: number): number {
    const long = this.#long!;
    let end = Math.min(bytes.length, at + long.rest);
    let isOver = end - at === long.rest;
    let next = end;
    if (long.rest === Number.POSITIVE_INFINITY) {
      const newline = bytes.indexOf(NEWLINE, at);
      isOver = newline >= 0;
      end = isOver ? newline : bytes.length;
      next = isOver ? newline + 1 : end;
    }
    long.cutBytes += end - at;
    long.rest -= end - at;
    if (isOver) this.#emitLong();
    return next;
  }

  #emitLong(): void {
    const { text, bytes, cutBytes } = this.#long!;
    this.#long = undefined;
    this.#onMessage(text, bytes, cutBytes);
  }

  #emit(bytes: Buffer, start: number, end: number): void {
    const size = end - start;
    while (end > start && bytes[end - 1]! <= 13 && isLineEnd(bytes[end - 1]!)) end--;
    if (end > start) this.#onMessage(bytes.toString("utf8", start, end), size, 0);
  }
}

function isLineEnd(c: number): boolean {
  return c === NEWLINE || c === 13 || c === 0;
}
