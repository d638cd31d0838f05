import { Duplex } from "node:stream";
import { setImmediate } from "node:timers/promises";
import { Decompress } from "fzstd";
import { areWeightsEndless } from "./zstd-weights.ts";

/** The largest window that a frame may ask for, which is memory taken at once. Source: RFC 8878, section 3.1.1.1.2. */
const MAX_WINDOW = 8 << 20;
/** Bytes that a block may hold, or become. Source: RFC 8878, section 3.1.1.2.4. */
const MAX_BLOCK = 128 << 10;
/** Blocks after which others get their turn: some milliseconds. */
const BLOCKS_PER_TURN = 8;
const MAGIC = 0xfd2fb528;
const DESCRIPTOR = { singleSegment: 0x20, checksum: 0x04 };
const BLOCK = { repeated: 1, compressed: 2, reserved: 3 };

/**
 * Decodes zstd (RFC 8878) as its bytes come, for a Node that has none of its own (before 22.15). A few bytes may become
 * megabytes, so the decoder gets a block at a time, and the next only when that is read; a frame's window is looked at
 * before any memory is taken for it.
 *
 * Errors have codes that begin with `ZSTD_`, as Node's own do.
 */
export function createZstdDecoder(): Duplex {
  return Duplex.from(decode);
}

async function* decode(source: AsyncIterable<Buffer>): AsyncGenerator<Uint8Array> {
  const bytes = new ByteSource(source);
  do yield* decodeFrame(bytes);
  while (!(await bytes.isAtEnd()));
}

async function* decodeFrame(bytes: ByteSource): AsyncGenerator<Uint8Array> {
  const outputs: Uint8Array[] = [];
  const decoder = new Decompress((output) => outputs.push(output));
  const header = await readHeader(bytes);
  push(decoder, header);
  let isLast = false;
  for (let blocks = 1; !isLast; blocks++) {
    if (blocks % BLOCKS_PER_TURN === 0) await setImmediate();
    const blockHeader = await bytes.read(3);
    const bits = blockHeader.readUIntLE(0, 3);
    const type = (bits >> 1) & 3;
    const size = bits >> 3;
    if (type === BLOCK.reserved || size > MAX_BLOCK) throw damaged("a block is no block");
    const content = await bytes.read(type === BLOCK.repeated ? 1 : size);
    if (type === BLOCK.compressed && areWeightsEndless(content))
      throw damaged("the weights of a tree never end");
    isLast = (bits & 1) === 1;
    const hasChecksum = isLast && (header[4]! & DESCRIPTOR.checksum) !== 0;
    push(decoder, Buffer.concat([blockHeader, content, hasChecksum ? await bytes.read(4) : Buffer.alloc(0)]));
    yield* outputs.splice(0);
  }
}

/** The frame's header, once its window is known to be modest. Source: RFC 8878, section 3.1.1.1. */
async function readHeader(bytes: ByteSource): Promise<Buffer> {
  const head = await bytes.read(5);
  if (head.readUInt32LE(0) !== MAGIC) throw damaged("it is no zstd");
  const descriptor = head[4]!;
  const isSingleSegment = (descriptor & DESCRIPTOR.singleSegment) !== 0;
  const idBytes = [0, 1, 2, 4][descriptor & 3]!;
  const sizeBytes = [isSingleSegment ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  const rest = await bytes.read((isSingleSegment ? 0 : 1) + idBytes + sizeBytes);
  const window = isSingleSegment ? contentSize(rest.subarray(idBytes)) : windowOf(rest[0]!);
  if (window > MAX_WINDOW) throw damaged("its window is too large");
  return Buffer.concat([head, rest]);
}

function windowOf(byte: number): number {
  const base = 2 ** (10 + (byte >> 3));
  return base + (base / 8) * (byte & 7);
}

function contentSize(size: Buffer): number {
  if (size.length === 8) return Number(size.readBigUInt64LE(0));
  return size.readUIntLE(0, size.length) + (size.length === 2 ? 256 : 0);
}

function push(decoder: Decompress, bytes: Uint8Array): void {
  try {
    decoder.push(bytes);
  } catch (error) {
    throw damaged((error as Error).message);
  }
}

/** Reads so many bytes at a time of chunks as they come. */
class ByteSource {
  readonly #chunks: AsyncIterator<Buffer>;
  #rest: Buffer = Buffer.alloc(0);

  constructor(source: AsyncIterable<Buffer>) {
    this.#chunks = source[Symbol.asyncIterator]();
  }

  async read(length: number): Promise<Buffer> {
    const parts: Buffer[] = [];
    let missing = length;
    while (missing > this.#rest.length) {
      parts.push(this.#rest);
      missing -= this.#rest.length;
      const { value, done } = await this.#chunks.next();
      if (done) throw damaged("it ends early");
      this.#rest = value;
    }
    parts.push(this.#rest.subarray(0, missing));
    this.#rest = this.#rest.subarray(missing);
    return Buffer.concat(parts);
  }

  async isAtEnd(): Promise<boolean> {
    while (this.#rest.length === 0) {
      const { value, done } = await this.#chunks.next();
      if (done) return true;
      this.#rest = value;
    }
    return false;
  }
}

function damaged(why: string): Error {
  return Object.assign(new Error(why), { code: "ZSTD_error" });
}
