import { Readable } from "node:stream";
import { brotliCompressSync, deflateSync, gzipSync } from "node:zlib";
import { readBody } from "../../../packages/server/src/receivers/body.ts";
import { createZstdDecoder } from "../../../packages/server/src/receivers/zstd.ts";
import type { Random } from "../../random.ts";
import { passRefusal, pieces } from "../check.ts";
import type { Target } from "../target.ts";

const LIMIT = 64 << 10;
const LIMITS = { compressed: LIMIT, decompressed: LIMIT };
const PLAIN = Buffer.from('{"level":"warn","message":"hello"}\n'.repeat(20));
/** Frames as `zstd` makes them: with a checksum, of a stream, empty. */
const ZSTD = [
  "28b52ffd045849000068656c6c6f2068656c6c6f0a5c5a6cd4",
  "28b52ffd200568656c6c6f",
  "28b52ffd2400010000 99e9d851",
  "28b52ffd200529000068656c6c6f",
].map((hex) => Buffer.from(hex.replaceAll(" ", ""), "hex"));

function coding(name: string, seeds: readonly Buffer[]): Target {
  return {
    name: `body-${name}`,
    seeds,
    words: [],
    decode: (input, random) => read(input, random, name),
  };
}

async function read(input: Buffer, random: Random, coding: string): Promise<void> {
  try {
    const body = await readBody(Readable.from(pieces(input, random)), { "content-encoding": coding }, LIMITS);
    if (body.length > LIMIT) throw new Error(`${body.length} bytes came of it`);
  } catch (error) {
    passRefusal(error);
  }
}

/** The decoder for a Node that has none, whichever Node this is. */
const zstd: Target = {
  name: "body-zstd",
  seeds: ZSTD,
  words: ["\x28\xb5\x2f\xfd"],
  async decode(input, random) {
    let length = 0;
    try {
      const decoder = Readable.from(pieces(input, random)).compose(createZstdDecoder());
      for await (const chunk of decoder) {
        length += (chunk as Buffer).length;
        if (length > LIMIT) break;
      }
    } catch (error) {
      const { code } = error as { code?: unknown };
      if (!String(code).startsWith("ZSTD_")) throw error;
    }
  },
};

export const BODIES: readonly Target[] = [
  coding("gzip", [
    gzipSync(PLAIN),
    Buffer.concat([gzipSync("one"), gzipSync("two")]),
    gzipSync(Buffer.alloc(1 << 18)),
  ]),
  coding("deflate", [deflateSync(PLAIN)]),
  coding("br", [brotliCompressSync(PLAIN)]),
  zstd,
];
