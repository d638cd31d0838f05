import { PolylogError } from "../../errors.ts";

/** Kinds of elements, in the two lowest bits of a tag. */
const LITERAL = 0;
const COPY_1 = 1;
const COPY_2 = 2;

/** Three bytes make at most 64; a length that claims more is a lie, and is told before memory is taken for it. */
const MAX_RATIO = 64 / 3;
/** Bytes that are copied in a loop, as most literals are no longer: a call for them costs more. */
const MAX_LOOP = 24;
/** Bytes of output between two turns of others: a millisecond's or less. */
const BYTES_PER_TURN = 256 << 10;

/**
 * Bytes that {@link uncompressSnappy} will make, by the input's own word as far as it can be true.
 *
 * @param limit bytes of the outcome
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST`, `POLYLOG_E_TOO_LARGE`
 */
export function lengthOfSnappy(input: Buffer, limit: number): number {
  const { length } = readLength(input);
  if (length > input.length * MAX_RATIO + 64) throw damaged("its length is more than its bytes can make");
  if (length > limit) {
    throw new PolylogError("POLYLOG_E_TOO_LARGE", `The body, decompressed, is larger than ${limit} bytes`, {
      remedy: "Send smaller batches.",
    });
  }
  return length;
}

/**
 * Hot path. Undoes snappy's block format. Gives `undefined` now and then, which is when others get their turn.
 *
 * Source: google/snappy, format_description.txt.
 *
 * @param limit bytes of the outcome
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST`, `POLYLOG_E_TOO_LARGE`
 * @example
 * const bytes = yield* uncompressSnappy(body, 32 << 20);
 */
export function* uncompressSnappy(input: Buffer, limit: number): Generator<undefined, Buffer> {
  const length = lengthOfSnappy(input, limit);
  const output = Buffer.allocUnsafe(length);
  let at = readLength(input).end;
  let to = 0;
  let turnEnd = BYTES_PER_TURN;
  while (at < input.length) {
    const tag = input[at++]!;
    const kind = tag & 3;
    if (kind === LITERAL) {
      let size = (tag >>> 2) + 1;
      if (size > 60) {
        const bytes = size - 60;
        if (at + bytes > input.length) throw damaged("it ends within a literal");
        size = input.readUIntLE(at, bytes) + 1;
        at += bytes;
      }
      if (at + size > input.length || to + size > length)
        throw damaged("a literal is longer than what is left");
      if (size > MAX_LOOP) {
        input.copy(output, to, at, at + size);
        at += size;
        to += size;
      } else for (const until = to + size; to < until; ) output[to++] = input[at++]!;
    } else {
      const bytes = kind === COPY_1 ? 1 : kind === COPY_2 ? 2 : 4;
      if (at + bytes > input.length) throw damaged("it ends within a copy");
      const size = kind === COPY_1 ? ((tag >>> 2) & 7) + 4 : (tag >>> 2) + 1;
      const offset = kind === COPY_1 ? ((tag >>> 5) << 8) | input[at]! : input.readUIntLE(at, bytes);
      at += bytes;
      if (offset === 0 || offset > to || to + size > length) throw damaged("a copy reaches outside of it");
      // What is copied may be what is being written; byte by byte is right for that, and quick for so few.
      for (let from = to - offset, until = to + size; to < until; ) output[to++] = output[from++]!;
    }
    if (to >= turnEnd) {
      turnEnd = to + BYTES_PER_TURN;
      yield;
    }
  }
  if (to !== length) throw damaged("it is shorter than it says");
  return output;
}

/** The varint that begins it, at most 32 bits. */
function readLength(input: Buffer): { length: number; end: number } {
  let length = 0;
  for (let i = 0; i < 5; i++) {
    const byte = input[i];
    if (byte === undefined) break;
    length += (byte & 127) * 2 ** (7 * i);
    if (byte < 128) return { length, end: i + 1 };
  }
  throw damaged("it has no length");
}

function damaged(why: string): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `The body is not snappy's block format: ${why}`, {
    remedy: "Send protobuf compressed by snappy, or JSON with Content-Type: application/json.",
  });
}
