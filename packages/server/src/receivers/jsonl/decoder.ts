import type { LineError } from "../../decoding/protocol.ts";
import { CanonicalReader, isCanonical } from "../../formats/json/canonical.ts";
import { draftOfObject, isJsonObject } from "../../formats/json/json.ts";
import { parseJson } from "../../formats/json/json-text.ts";
import { PlainLineReader } from "../../formats/json/plain-line.ts";
import { LineSplitter, type SplitLine } from "../../formats/lines/line-splitter.ts";
import { RecordBuilder, type RecordDefaults } from "../../formats/record-builder.ts";
import type { Clock } from "../../formats/time/clock.ts";
import { UTC } from "../../formats/time/zone.ts";
import type { LogRecord } from "../../record/record.ts";
import { ArraySplitter } from "./array-splitter.ts";

/** Bytes of one record. */
const MAX_RECORD_BYTES = 8 << 20;
/** A single object may be spread over lines as long as it isn't larger than this. */
const MAX_SPREAD_LENGTH = 1 << 20;
/** Blanks that may stand before the first record; from then on they are lines. */
const MAX_HEAD_BYTES = 4096;
/** Errors that are told one by one. */
export const MAX_ERRORS = 10;

/**
 * Makes records of a request's body while it comes: JSON lines, an array of objects, or a single object
 * however it is laid out. What is wrong is told by its line, and what is beside it is kept.
 */
export class JsonlDecoder {
  readonly #now: bigint;
  readonly #clock: Clock;
  readonly #builder: RecordBuilder;
  readonly #plain: PlainLineReader;
  readonly #canonical = new CanonicalReader();
  readonly #lines = new LineSplitter(0, MAX_RECORD_BYTES);
  readonly #elements = new ArraySplitter(MAX_RECORD_BYTES);
  #layout: "unknown" | "lines" | "array" | "spread" = "unknown";
  /** What came before anything that tells the layout. */
  readonly #head: Buffer[] = [];
  #headBytes = 0;
  /** The lines of an object that may be spread over many. */
  #spread: string[] = [];
  #spreadLength = 0;
  #records: LogRecord[] = [];
  #line = 0;
  rejected = 0;
  readonly errors: LineError[] = [];

  /** @param now the observed time of the records, nanoseconds since 1970 */
  constructor(defaults: RecordDefaults, now: bigint) {
    this.#now = now;
    this.#builder = new RecordBuilder(defaults);
    this.#clock = { zone: UTC, reference: Number(now / 1_000_000n) };
    this.#plain = new PlainLineReader(this.#builder, this.#clock, now);
  }

  /** The number of the last line, or of an array's last element, that was read. */
  get line(): number {
    return this.#line;
  }

  push(chunk: Buffer): void {
    if (this.#layout === "unknown") {
      // UTF-8 may announce itself.
      const first = chunk.findIndex((byte) => byte > 32 && byte !== 0xef && byte !== 0xbb && byte !== 0xbf);
      this.#headBytes += chunk.length;
      if (first < 0 && this.#headBytes <= MAX_HEAD_BYTES) {
        this.#head.push(Buffer.from(chunk));
        return;
      }
      this.#layout = chunk[first] === 91 ? "array" : "lines";
      if (this.#layout === "array") chunk = chunk.subarray(first);
      // The announcement may have been cut: its rest alone would be no text.
      else for (const part of this.#head.splice(0)) this.#lines.push(part, this.#onLine);
    }
    if (this.#layout === "array") this.#elements.push(chunk, this.#onElement);
    else this.#lines.push(chunk, this.#onLine);
  }

  end(): void {
    if (this.#layout === "array") {
      const isOpen = this.#elements.isOpen;
      this.#elements.end(this.#onElement);
      if (isOpen) this.#reject(this.#line, "the array isn't closed");
    } else this.#lines.end(this.#onLine);
    if (this.#layout === "spread") this.#endSpread();
  }

  /** The records since the last call. */
  take(): LogRecord[] {
    const records = this.#records;
    this.#records = [];
    return records;
  }

  readonly #onElement = ({ text, isCut }: { text: string; isCut: boolean }): void => {
    this.#line++;
    if (isCut) this.#reject(this.#line, `longer than ${MAX_RECORD_BYTES} bytes`);
    else this.#read(text, this.#line);
  };

  readonly #onLine = (line: SplitLine): void => {
    this.#line++;
    if (this.#layout === "lines" && line.cutBytes === 0) {
      const record = this.#plain.read(line.bytes, line.from, line.to);
      if (record !== undefined) {
        this.#records.push(record);
        return;
      }
    }
    const { text, cutBytes } = line;
    if (this.#layout === "spread") {
      this.#spreadLength += text.length;
      this.#spread.push(text);
      if (this.#spreadLength > MAX_SPREAD_LENGTH) this.#readSpreadAsLines();
      return;
    }
    if (cutBytes > 0) this.#reject(this.#line, `longer than ${MAX_RECORD_BYTES} bytes`);
    else if (text.trim() === "") return;
    else if (this.#isOpening(text)) {
      this.#layout = "spread";
      this.#spread = [text];
    } else this.#read(text, this.#line);
  };

  /** True when the body's first line isn't JSON by itself, though its lines may be together. */
  #isOpening(text: string): boolean {
    return this.#line === 1 && text.trimStart().startsWith("{") && !text.trimEnd().endsWith("}");
  }

  #endSpread(): void {
    const text = this.#spread.join("\n");
    try {
      JSON.parse(text);
    } catch {
      this.#readSpreadAsLines();
      return;
    }
    this.#read(text, 1);
  }

  #readSpreadAsLines(): void {
    this.#layout = "lines";
    const lines = this.#spread;
    this.#spread = [];
    lines.forEach((line, index) => {
      if (line.trim() !== "") this.#read(line, index + 1);
    });
  }

  #read(text: string, line: number): void {
    let value: unknown;
    try {
      value = parseJson(text);
    } catch (error) {
      this.#reject(line, `not JSON: ${(error as Error).message.slice(0, 200)}`);
      return;
    }
    if (!isJsonObject(value)) {
      this.#reject(line, "not a JSON object");
    } else if (isCanonical(value)) {
      const record = this.#canonical.read(value);
      if (record === undefined) this.#reject(line, "not a record as Polylog's own programs write it");
      else this.#records.push(record);
    } else {
      const draft = draftOfObject(value, this.#clock, text);
      this.#records.push(this.#builder.build(draft, this.#now, this.#now));
    }
  }

  #reject(line: number, message: string): void {
    this.rejected++;
    if (this.errors.length < MAX_ERRORS) this.errors.push({ line, message });
  }
}
