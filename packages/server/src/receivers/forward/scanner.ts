import { malformed } from "./message-pack.ts";

/** Bytes of a head that says how long a value is; those of the value come on top. */
interface Head {
  readonly bytes: number;
  /** Values that come behind it and belong to it. */
  readonly values: number;
}

const INCOMPLETE = -1;

/**
 * Hot path. Finds where a value of MessagePack ends without decoding it, however its bytes come: each is looked at
 * once, and lists that say they are longer than they are cost nothing.
 *
 * Source: MessagePack specification, "Formats".
 *
 * @example
 * const scanner = new Scanner();
 * scanner.endOf(bytes, 0); // -1 as long as the value isn't complete
 */
export class Scanner {
  /** How far the value is scanned, from its beginning. */
  #scanned = 0;
  /** Values that are missing. */
  #missing = 1;

  /** Where the value that begins at `start` ends; -1 when more bytes are needed, which the next call goes on with. */
  endOf(bytes: Buffer, start: number): number {
    let at = start + this.#scanned;
    let missing = this.#missing;
    while (missing > 0) {
      const head = headAt(bytes, at);
      if (head === undefined || at + head.bytes > bytes.length) {
        this.#scanned = at - start;
        this.#missing = missing;
        return INCOMPLETE;
      }
      at += head.bytes;
      missing += head.values - 1;
    }
    this.#scanned = 0;
    this.#missing = 1;
    return at;
  }
}

/** Where the value that begins at `start` ends; -1 when it isn't complete. */
export function endOfValue(bytes: Buffer, start: number): number {
  return new Scanner().endOf(bytes, start);
}

/** The number of values in the list at `start`, and where the first begins; undefined when there is no list. */
export function listAt(bytes: Buffer, start: number): { count: number; start: number } | undefined {
  const type = bytes[start];
  if (type === undefined) return undefined;
  if (type >= 0x90 && type <= 0x9f) return { count: type & 0x0f, start: start + 1 };
  if (type === 0xdc && start + 3 <= bytes.length)
    return { count: bytes.readUInt16BE(start + 1), start: start + 3 };
  if (type === 0xdd && start + 5 <= bytes.length)
    return { count: bytes.readUInt32BE(start + 1), start: start + 5 };
  return undefined;
}

/** The content of the bytes or the text at `start`, undefined when there is neither. */
export function bytesAt(bytes: Buffer, start: number): Buffer | undefined {
  const type = bytes[start];
  const head = headAt(bytes, start);
  if (type === undefined || head === undefined) return undefined;
  let headBytes = 1;
  if (type === 0xc4 || type === 0xd9) headBytes = 2;
  else if (type === 0xc5 || type === 0xda) headBytes = 3;
  else if (type === 0xc6 || type === 0xdb) headBytes = 5;
  else if (type < 0xa0 || type > 0xbf) return undefined;
  return bytes.subarray(start + headBytes, start + head.bytes);
}

function headAt(bytes: Buffer, at: number): Head | undefined {
  const type = bytes[at];
  if (type === undefined) return undefined;
  if (type <= 0x7f || type >= 0xe0) return { bytes: 1, values: 0 };
  if (type <= 0x8f) return { bytes: 1, values: 2 * (type & 0x0f) };
  if (type <= 0x9f) return { bytes: 1, values: type & 0x0f };
  if (type <= 0xbf) return { bytes: 1 + (type & 0x1f), values: 0 };
  const { length, extra, each } = LAYOUTS[type - 0xc0]!;
  if (at + 1 + length > bytes.length) return undefined;
  const said = length === 0 ? 0 : bytes.readUIntBE(at + 1, length);
  if (each > 0) return { bytes: 1 + length, values: each * said };
  if (extra < 0) throw malformed("the byte c1 means nothing");
  return { bytes: 1 + length + extra + said, values: 0 };
}

/** Of a type: bytes that say a length, bytes beside those, and how many values one of a length stands for. */
interface Layout {
  readonly length: 0 | 1 | 2 | 4;
  readonly extra: number;
  readonly each: 0 | 1 | 2;
}

const fixed = (extra: number): Layout => ({ length: 0, extra, each: 0 });
const counted = (length: 1 | 2 | 4, extra = 0): Layout => ({ length, extra, each: 0 });

/** The types c0 to df. */
const LAYOUTS: readonly Layout[] = [
  // nil, never used, false, true
  ...[fixed(0), fixed(-1), fixed(0), fixed(0)],
  // bin 8, 16, 32
  ...[counted(1), counted(2), counted(4)],
  // ext 8, 16, 32: the type's byte comes on top
  ...[counted(1, 1), counted(2, 1), counted(4, 1)],
  // float 32, 64
  ...[fixed(4), fixed(8)],
  // uint and int 8 to 64
  ...[fixed(1), fixed(2), fixed(4), fixed(8)],
  ...[fixed(1), fixed(2), fixed(4), fixed(8)],
  // fixext 1 to 16
  ...[fixed(2), fixed(3), fixed(5), fixed(9), fixed(17)],
  // str 8, 16, 32
  ...[counted(1), counted(2), counted(4)],
  // array 16, 32; map 16, 32
  ...([
    { length: 2, extra: 0, each: 1 },
    { length: 4, extra: 0, each: 1 },
    { length: 2, extra: 0, each: 2 },
    { length: 4, extra: 0, each: 2 },
  ] as const),
];
