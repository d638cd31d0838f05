import { PolylogError } from "../../errors.ts";
import { MESSAGE, MoreNeeded, malformed, ThriftReader, TYPE } from "./thrift.ts";

/** One entry of a call to `Log`. */
export interface LogEntry {
  readonly category: string;
  readonly message: string;
}

/** A call that was read to its end. */
export interface Call {
  readonly name: string;
  readonly sequence: number;
  /** False when nobody waits for a reply. */
  readonly wantsReply: boolean;
  /** Whether it was written in the strict form, which its reply has then, too. */
  readonly isStrict: boolean;
  /** Of `Log`; of other methods none. */
  readonly entries: readonly LogEntry[];
  /** Of its entries. */
  readonly bytes: number;
}

/** Bytes of one message, and of the entries of one call. */
const MAX_MESSAGE_BYTES = 4 << 20;
export const MAX_CALL_BYTES = 32 << 20;
/** Entries of one call: empty ones have hardly any bytes. */
const MAX_ENTRIES = 200_000;
/** Bytes that an entry is counted with beside its texts. */
const ENTRY_BYTES = 32;

type Stage = "head" | "fields" | "entries";

/**
 * Hot path. Reads calls of Scribe out of a stream in which they stand without frames, however it is cut: what was
 * read of a call is not read again, except for the entry in which the bytes ended.
 *
 * Source: scribe.thrift: `ResultCode Log(1: list<LogEntry> messages)`, `struct LogEntry { 1: string category,
 * 2: string message }`.
 *
 * @example
 * const reader = new CallReader();
 * reader.read(bytes, 0); // { end: 61, call: { name: "Log", … } }
 */
export class CallReader {
  #stage: Stage = "head";
  #name = "";
  #type = 0;
  #sequence = 0;
  #isStrict = false;
  #missing = 0;
  #entries: LogEntry[] = [];
  #bytes = 0;

  /** Bytes of the entries of a call that is not complete. */
  get heldBytes(): number {
    return this.#bytes;
  }

  /** Reads on at `at`; `end` is how far it came, and without a call more bytes are needed. */
  read(bytes: Buffer, at: number): { readonly end: number; readonly call?: Call } {
    const reader = new ThriftReader(bytes, at, MAX_MESSAGE_BYTES);
    let end = at;
    try {
      for (;;) {
        const isDone = this.#step(reader);
        end = reader.at;
        if (isDone) return { end, call: this.#take() };
      }
    } catch (error) {
      if (error instanceof MoreNeeded) return { end };
      throw error;
    }
  }

  #step(reader: ThriftReader): boolean {
    switch (this.#stage) {
      case "head":
        this.#readHead(reader);
        this.#stage = "fields";
        return false;
      case "fields":
        return this.#readField(reader);
      case "entries":
        if (this.#missing === 0) this.#stage = "fields";
        else {
          this.#addEntry(readEntry(reader));
          this.#missing--;
        }
        return false;
    }
  }

  #readHead(reader: ThriftReader): void {
    const first = reader.i32();
    this.#isStrict = first < 0;
    if (this.#isStrict) {
      if (first >>> 16 !== 0x8001) throw malformed("a version that isn't 1");
      this.#type = first & 0xff;
      this.#name = reader.text();
    } else {
      reader.at -= 4;
      this.#name = reader.text();
      this.#type = reader.byte();
    }
    this.#sequence = reader.i32();
    if (this.#type !== MESSAGE.call && this.#type !== MESSAGE.oneway)
      throw malformed("a message that is no call");
    if (!/^\w{1,64}$/.test(this.#name)) throw malformed("a call without a name");
  }

  /** True at the end of the arguments. */
  #readField(reader: ThriftReader): boolean {
    const type = reader.byte();
    if (type === TYPE.stop) return true;
    const id = reader.i16();
    if (this.#name !== "Log" || id !== 1 || type !== TYPE.list) {
      reader.skip(type);
      return false;
    }
    if (reader.byte() !== TYPE.struct) throw malformed("entries that are no structs");
    this.#missing = reader.length();
    this.#stage = "entries";
    return false;
  }

  #addEntry(entry: LogEntry): void {
    this.#bytes += ENTRY_BYTES + entry.category.length + entry.message.length;
    this.#entries.push(entry);
    if (this.#bytes > MAX_CALL_BYTES || this.#entries.length > MAX_ENTRIES) throw tooLarge();
  }

  #take(): Call {
    const call: Call = {
      name: this.#name,
      sequence: this.#sequence,
      wantsReply: this.#type === MESSAGE.call,
      isStrict: this.#isStrict,
      entries: this.#entries,
      bytes: this.#bytes,
    };
    this.#stage = "head";
    this.#entries = [];
    this.#bytes = 0;
    return call;
  }
}

function readEntry(reader: ThriftReader): LogEntry {
  let category = "";
  let message = "";
  for (;;) {
    const type = reader.byte();
    if (type === TYPE.stop) return { category, message };
    const id = reader.i16();
    if (type === TYPE.string && id === 1) category = reader.text();
    else if (type === TYPE.string && id === 2) message = reader.text();
    else reader.skip(type);
  }
}

function tooLarge(): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", "A call holds more entries than are taken at once.", {
    remedy: `Send at most ${MAX_ENTRIES} entries and ${MAX_CALL_BYTES} bytes in one call.`,
  });
}
