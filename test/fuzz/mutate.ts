import type { Random } from "../random.ts";

/** Longer inputs find nothing that shorter ones don't, and are slow. */
const MAX_LENGTH = 4096;
/** The edges of the numbers that formats have. */
const NUMBERS = [0, 1, 0x7f, 0x80, 0xff, 0x100, 0x7fff, 0xffff, 0x10000, 0x7fffffff, 0x80000000, 0xffffffff];
/** What is dangerous in text of any kind. */
const TEXTS = [
  ..."\0\n\r\t \"'\\{}[]:,=<>",
  ..."\u2028é日💥",
  "\r\n",
  "null",
  "true",
  "{}",
  "[]",
  '""',
  "-0",
  "-1",
  "1e400",
  "1e308",
  "0.1",
  "9007199254740993",
  "18446744073709551616",
  "1700000000",
  '"\\ud800"',
  '"__proto__"',
  "__proto__",
  "constructor",
  '{"toString":1,"valueOf":1}',
  "\\u0000",
  "%n%s",
  "2026-02-30T25:61:61Z",
];
/** Bytes that are taken apart into tokens: all of them would take longer than the decoding. */
const WINDOW = 128;
const TOKEN = /"(?:[^"\\]|\\.)*"|[\w.+-]+|\s+|[^\s\w]/g;

export interface Mutator {
  /** A new input made of those of the corpus. */
  next(corpus: readonly Buffer[]): Buffer;
}

/** @param words of the format that is fuzzed */
export function createMutator(random: Random, words: readonly string[]): Mutator {
  const texts = [...TEXTS, ...words, ...words].map((text) => Buffer.from(text));

  function place(bytes: Buffer): number {
    return random.below(bytes.length + 1);
  }
  function range(bytes: Buffer): Buffer {
    const start = place(bytes);
    const length = random.once(8) ? bytes.length : random.below(32);
    return bytes.subarray(start, start + length);
  }
  function replace(bytes: Buffer, start: number, length: number, by: Buffer): Buffer {
    return Buffer.concat([bytes.subarray(0, start), by, bytes.subarray(start + length)]);
  }
  function number(): Buffer {
    const bytes = Buffer.alloc(4);
    const value = random.pick(NUMBERS);
    if (random.once(2)) bytes.writeUInt32BE(value);
    else bytes.writeUInt32LE(value);
    return random.once(2) ? bytes : bytes.subarray(0, 1 + random.below(4));
  }

  const mutations: readonly ((bytes: Buffer, corpus: readonly Buffer[]) => Buffer)[] = [
    function flipBit(bytes) {
      const at = random.below(bytes.length);
      bytes[at] = bytes[at]! ^ (1 << random.below(8));
      return bytes;
    },
    function setByte(bytes) {
      bytes[random.below(bytes.length)] = random.below(256);
      return bytes;
    },
    function countByte(bytes) {
      const at = random.below(bytes.length);
      bytes[at] = bytes[at]! + (random.once(2) ? 1 : -1);
      return bytes;
    },
    (bytes) => replace(bytes, place(bytes), 0, random.pick(texts)),
    (bytes) => replace(bytes, place(bytes), random.below(16), random.pick(texts)),
    (bytes) => replace(bytes, place(bytes), random.below(5), number()),
    (bytes) =>
      replace(bytes, place(bytes), random.once(4) ? bytes.length : random.below(32), Buffer.alloc(0)),
    (bytes) => replace(bytes, place(bytes), 0, range(bytes)),
    (bytes, corpus) => replace(bytes, place(bytes), random.below(32), range(random.pick(corpus))),
    function splice(bytes, corpus) {
      const other = random.pick(corpus);
      return Buffer.concat([bytes.subarray(0, place(bytes)), other.subarray(place(other))]);
    },
    function repeat(bytes) {
      const part = range(bytes);
      const times = 1 + random.below(200);
      return replace(bytes, place(bytes), 0, Buffer.concat(Array.from({ length: times }, () => part)));
    },
    changeToken,
    changeToken,
    changeToken,
  ];

  /** Replaces, removes, repeats or moves a word, a number, a string or a sign of a text. */
  function changeToken(bytes: Buffer): Buffer {
    const start = random.below(bytes.length);
    const part = bytes.subarray(start, start + WINDOW);
    const tokens = part.toString("latin1").match(TOKEN) ?? [""];
    const at = random.below(tokens.length);
    switch (random.below(4)) {
      case 0:
        tokens[at] = random.pick(texts).toString("latin1");
        break;
      case 1:
        tokens[at] = "";
        break;
      case 2:
        tokens[at] = tokens[at]!.repeat(2 + random.below(3));
        break;
      default: {
        const other = random.below(tokens.length);
        [tokens[at], tokens[other]] = [tokens[other]!, tokens[at]!];
      }
    }
    return replace(bytes, start, part.length, Buffer.from(tokens.join(""), "latin1"));
  }

  return {
    next(corpus) {
      let bytes = Buffer.from(random.pick(corpus));
      for (let left = 1 + random.below(random.once(8) ? 16 : 4); left > 0; left--) {
        if (bytes.length === 0) bytes = Buffer.from(random.pick(texts));
        bytes = Buffer.from(random.pick(mutations)(bytes, corpus)).subarray(0, MAX_LENGTH);
      }
      return bytes;
    },
  };
}
