import type { LogRecord } from "../../record/record.ts";
import { decompress, decompressZstd, isGzip } from "../listeners/inflate.ts";
import { decodeRaw, decodeValue, malformed } from "./message-pack.ts";
import type { EntryReader } from "./record.ts";
import { bytesAt, endOfValue, listAt } from "./scanner.ts";

/** What one message holds. */
export interface ForwardMessage {
  readonly records: readonly LogRecord[];
  /** Entries that are none. */
  readonly rejected: number;
  /** To be sent back when the records are committed; undefined when no acknowledgement is asked for. */
  readonly chunk: unknown;
}

/** Bytes that may come of a compressed message. */
const MAX_INFLATED = 64 << 20;

/**
 * Hot path. Reads a message of any mode: Message, Forward, PackedForward, CompressedPackedForward. A heartbeat
 * (nil) gives undefined, and a promise comes only of what is compressed.
 *
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST` or `POLYLOG_E_TOO_LARGE`, or rejects with it
 *
 * Source: Forward protocol v1, "Event Modes".
 */
export function readMessage(
  bytes: Buffer,
  read: EntryReader,
  now: bigint,
): ForwardMessage | undefined | Promise<ForwardMessage> {
  if (bytes[0] === 0xc0) return undefined;
  const list = listAt(bytes, 0);
  if (list === undefined || list.count < 2 || list.count > 4)
    throw malformed("a message is a list of 2 to 4");
  const tagBytes = bytesAt(bytes, list.start);
  if (tagBytes === undefined) throw malformed("a message begins with its tag");
  const tag = tagBytes.toString();
  const second = endOfValue(bytes, list.start);
  const entries = listAt(bytes, second);
  const packed = bytesAt(bytes, second);
  if (entries === undefined && packed === undefined)
    return readSingle(bytes, second, list.count, tag, read, now);

  const option = optionAt(bytes, list.count > 2 ? endOfValue(bytes, second) : bytes.length);
  if (entries !== undefined) return { ...readEntries(bytes, entries, tag, read, now), chunk: option.chunk };
  const plain = unpack(packed!, option.compressed);
  if (plain === undefined) return { ...readPacked(packed!, tag, read, now), chunk: option.chunk };
  return plain.then((entries) => ({ ...readPacked(entries, tag, read, now), chunk: option.chunk }));
}

/**
 * Undoes the compression of entries; undefined where there is none. zstd is Fluentd's since 1.19, and its own word for
 * none is "text".
 *
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST` for a compression that isn't known: were its bytes taken for entries,
 *   they would be acknowledged and lost
 */
function unpack(packed: Buffer, compressed: unknown): Promise<Buffer> | undefined {
  switch (compressed) {
    case undefined:
    case null:
      return isGzip(packed) ? decompress(packed, MAX_INFLATED) : undefined;
    case "text":
      return undefined;
    case "gzip":
      if (!isGzip(packed)) throw malformed("what is said to be compressed by gzip isn't");
      return decompress(packed, MAX_INFLATED);
    case "zstd":
      return decompressZstd(packed, MAX_INFLATED);
    default:
      throw malformed("it is compressed by neither gzip nor zstd");
  }
}

interface Read {
  readonly records: readonly LogRecord[];
  readonly rejected: number;
}

/** Message mode: `[tag, time, record, option]`. */
function readSingle(
  bytes: Buffer,
  timeAt: number,
  count: number,
  tag: string,
  read: EntryReader,
  now: bigint,
): ForwardMessage {
  if (count < 3) throw malformed("a message without a record");
  const recordAt = endOfValue(bytes, timeAt);
  const recordEnd = endOfValue(bytes, recordAt);
  const { chunk } = optionAt(bytes, count > 3 ? recordEnd : bytes.length);
  const record = read(
    tag,
    decodeRaw(bytes.subarray(timeAt, recordAt)),
    decodeRaw(bytes.subarray(recordAt, recordEnd)),
    now,
  );
  return record === undefined
    ? { records: [], rejected: 1, chunk }
    : { records: [record], rejected: 0, chunk };
}

/** Forward mode: `[tag, [[time, record], …], option]`. */
function readEntries(
  bytes: Buffer,
  list: { count: number; start: number },
  tag: string,
  read: EntryReader,
  now: bigint,
): Read {
  const entries = new Entries(tag, read, now);
  let at = list.start;
  for (let i = 0; i < list.count; i++) {
    const end = endOfValue(bytes, at);
    entries.add(bytes.subarray(at, end));
    at = end;
  }
  return entries;
}

/** PackedForward mode: the entries one behind another in the bytes. */
function readPacked(bytes: Buffer, tag: string, read: EntryReader, now: bigint): Read {
  const entries = new Entries(tag, read, now);
  for (let at = 0; at < bytes.length; ) {
    const end = endOfValue(bytes, at);
    // The last one is cut off: its sender has lost it, and would lose the others too.
    if (end < 0) {
      entries.rejected++;
      break;
    }
    entries.add(bytes.subarray(at, end));
    at = end;
  }
  return entries;
}

class Entries implements Read {
  readonly records: LogRecord[] = [];
  rejected = 0;
  readonly #tag: string;
  readonly #read: EntryReader;
  readonly #now: bigint;

  constructor(tag: string, read: EntryReader, now: bigint) {
    this.#tag = tag;
    this.#read = read;
    this.#now = now;
  }

  add(bytes: Buffer): void {
    const record = this.#recordOf(bytes);
    if (record === undefined) this.rejected++;
    else this.records.push(record);
  }

  #recordOf(bytes: Buffer): LogRecord | undefined {
    let entry: unknown;
    try {
      entry = decodeRaw(bytes);
    } catch {
      return undefined;
    }
    if (!Array.isArray(entry) || entry.length < 2) return undefined;
    return this.#read(this.#tag, entry[0], entry[1], this.#now);
  }
}

function optionAt(bytes: Buffer, at: number): { readonly chunk?: unknown; readonly compressed?: unknown } {
  if (at < 0 || at >= bytes.length) return {};
  const option = decodeValue(bytes.subarray(at, endOfValue(bytes, at)));
  if (option === null) return {};
  if (typeof option !== "object") throw malformed("the option is no map");
  return option;
}
