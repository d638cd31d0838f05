import { PolylogError } from "../../errors.ts";

/** A field: its name and the bytes of its value, which may be text or not. */
export type JournalField = readonly [name: string, value: Buffer];

/** One entry of a journal. */
export interface JournalEntry {
  readonly fields: readonly JournalField[];
  /** Bytes of the fields that were too large to be kept. */
  readonly droppedBytes: number;
}

/** Bytes of a field, and of all the fields of an entry. */
const MAX_FIELD = 4 << 20;
const MAX_ENTRY = 8 << 20;
/** Bytes of a field's name. systemd allows 64. */
const MAX_NAME = 256;
const LENGTH_BYTES = 8;
const NEWLINE = 10;
const EQUALS = 61;

/**
 * Hot path. Takes entries out of a stream of systemd's journal export format: `NAME=value` and a newline, or the name
 * on a line of its own, eight bytes of length (little-endian), the value and a newline; an empty line ends an entry.
 *
 * Source: systemd.io, "Journal Export Formats".
 *
 * @example
 * const reader = new ExportReader();
 * reader.push(Buffer.from("MESSAGE=ready\nPRIORITY=6\n\n"));
 * reader.take()[0].fields; // [["MESSAGE", <ready>], ["PRIORITY", <6>]]
 */
export class ExportReader {
  #parts: Buffer[] = [];
  #held = 0;
  /** What has to come before anything more can be read: a number of bytes, or a newline. */
  #missing: number | "newline" = "newline";
  /** Bytes of a field that is too large, which are passed over. */
  #toSkip: number | "line" = 0;

  #entries: JournalEntry[] = [];
  #fields: JournalField[] = [];
  #entryBytes = 0;
  #droppedBytes = 0;

  /** The entries since the last call. */
  take(): JournalEntry[] {
    const entries = this.#entries;
    this.#entries = [];
    return entries;
  }

  /** @throws PolylogError `POLYLOG_E_BAD_REQUEST` where it is not in this format */
  push(chunk: Buffer): void {
    const rest = this.#skip(chunk);
    if (rest.length === 0) return;
    this.#parts.push(rest);
    this.#held += rest.length;
    // Nothing is looked at twice: a byte at a time must not cost more than its share.
    if (this.#missing === "newline" ? rest.indexOf(NEWLINE) < 0 : this.#held < this.#missing) {
      if (this.#missing === "newline" && this.#held > MAX_FIELD) this.#skipLine();
      else if (this.#parts.length > 1024) this.#parts = [Buffer.concat(this.#parts)];
      return;
    }
    const bytes = this.#parts.length === 1 ? this.#parts[0]! : Buffer.concat(this.#parts);
    const end = this.#read(bytes);
    this.#parts = end < bytes.length ? [bytes.subarray(end)] : [];
    this.#held = bytes.length - end;
  }

  /** @throws PolylogError `POLYLOG_E_BAD_REQUEST` when it ends within a field */
  end(): void {
    if (this.#held > 0 || this.#toSkip !== 0) throw malformed("it ends within a field");
    this.#endEntry();
  }

  /** Reads all that is there in full, and answers how far that is. */
  #read(bytes: Buffer): number {
    let at = 0;
    let equals = -1;
    while (at < bytes.length) {
      const newline = bytes.indexOf(NEWLINE, at);
      if (newline < 0) {
        this.#missing = "newline";
        return at;
      }
      if (newline === at) {
        this.#endEntry();
        at++;
        continue;
      }
      // Looked for once, wherever it is: most bytes of a large field have none.
      if (equals < at) equals = indexOrEnd(bytes, EQUALS, at);
      if (equals < newline) {
        this.#addField(bytes, at, equals, equals + 1, newline);
        at = newline + 1;
        continue;
      }
      const start = newline + 1 + LENGTH_BYTES;
      if (start > bytes.length) {
        this.#missing = start - at;
        return at;
      }
      const length = bytes.readBigUInt64LE(newline + 1);
      if (length > BigInt(Number.MAX_SAFE_INTEGER)) throw malformed("a field's length is none");
      const end = start + Number(length);
      if (Number(length) > MAX_FIELD) {
        this.#droppedBytes += Number(length);
        const next = Math.min(bytes.length, end + 1);
        this.#toSkip = end + 1 - next;
        this.#missing = "newline";
        at = next;
        continue;
      }
      if (end >= bytes.length) {
        this.#missing = end + 1 - at;
        return at;
      }
      if (bytes[end] !== NEWLINE) throw malformed("a field is longer than it says");
      this.#addField(bytes, at, newline, start, end);
      at = end + 1;
    }
    this.#missing = "newline";
    return at;
  }

  #addField(bytes: Buffer, nameStart: number, nameEnd: number, start: number, end: number): void {
    if (nameEnd - nameStart > MAX_NAME || nameEnd === nameStart) throw malformed("a field has no name");
    this.#entryBytes += end - nameStart;
    if (this.#entryBytes > MAX_ENTRY || end - start > MAX_FIELD) this.#droppedBytes += end - start;
    else this.#fields.push([bytes.toString("latin1", nameStart, nameEnd), bytes.subarray(start, end)]);
  }

  #endEntry(): void {
    if (this.#fields.length > 0 || this.#droppedBytes > 0) {
      this.#entries.push({ fields: this.#fields, droppedBytes: this.#droppedBytes });
    }
    this.#fields = [];
    this.#entryBytes = 0;
    this.#droppedBytes = 0;
  }

  #skipLine(): void {
    this.#droppedBytes += this.#held;
    this.#parts = [];
    this.#held = 0;
    this.#toSkip = "line";
  }

  #skip(chunk: Buffer): Buffer {
    if (this.#toSkip === 0) return chunk;
    const newline = this.#toSkip === "line" ? chunk.indexOf(NEWLINE) : -1;
    const end =
      this.#toSkip === "line"
        ? newline < 0
          ? chunk.length
          : newline + 1
        : Math.min(chunk.length, this.#toSkip);
    if (this.#toSkip === "line") {
      this.#droppedBytes += end;
      if (newline >= 0) this.#toSkip = 0;
    } else this.#toSkip -= end;
    return chunk.subarray(end);
  }
}

function indexOrEnd(bytes: Buffer, byte: number, start: number): number {
  const index = bytes.indexOf(byte, start);
  return index < 0 ? bytes.length : index;
}

function malformed(why: string): PolylogError {
  return new PolylogError(
    "POLYLOG_E_BAD_REQUEST",
    `The body is not in the journal's export format: ${why}.`,
    {
      remedy: "Send what `journalctl -o export` writes.",
    },
  );
}
