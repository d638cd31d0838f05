import { gunzip, gunzipSync, inflate, inflateSync } from "node:zlib";
import { PolylogError } from "../../errors.ts";
import { decoderOfCoding } from "../body-coding.ts";

/**
 * Decompresses gzip or zlib, told apart by their first bytes, off the main thread.
 *
 * Rejects with `POLYLOG_E_TOO_LARGE` when more than `limit` bytes come of it, whatever it says of its size, and with
 * `POLYLOG_E_BAD_REQUEST` when it is neither, damaged or cut short.
 *
 * Source: RFC 1952, RFC 1950.
 */
export function decompress(bytes: Buffer, limit: number): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const work = isGzip(bytes) ? gunzip : inflate;
    work(bytes, { maxOutputLength: limit }, (error, plain) => {
      if (error === null) resolve(plain);
      else reject(refusalOf(error, limit));
    });
  });
}

/** {@link decompress} of zstd. Source: RFC 8878. */
export async function decompressZstd(bytes: Buffer, limit: number): Promise<Buffer> {
  const decoder = decoderOfCoding("zstd")!;
  decoder.end(bytes);
  const parts: Buffer[] = [];
  let length = 0;
  try {
    for await (const part of decoder as AsyncIterable<Buffer>) {
      length += part.length;
      if (length > limit) throw tooLarge(limit);
      parts.push(part);
    }
  } catch (error) {
    throw error instanceof PolylogError ? error : damaged(error as Error);
  }
  return Buffer.concat(parts, length);
}

/**
 * {@link decompress} at once, for small messages: the way to another thread and back costs several of them.
 *
 * @throws PolylogError as `decompress` rejects with
 */
export function decompressNow(bytes: Buffer, limit: number): Buffer {
  try {
    return (isGzip(bytes) ? gunzipSync : inflateSync)(bytes, { maxOutputLength: limit });
  } catch (error) {
    throw refusalOf(error as NodeJS.ErrnoException, limit);
  }
}

export function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/** CMF says deflate with a window up to 32 KiB, and with FLG it is a multiple of 31. Source: RFC 1950, 2.2. */
export function isZlib(bytes: Buffer): boolean {
  if (bytes.length < 2) return false;
  const head = bytes.readUInt16BE(0);
  return (bytes[0]! & 0x0f) === 8 && bytes[0]! >> 4 <= 7 && head % 31 === 0;
}

function refusalOf(cause: NodeJS.ErrnoException, limit: number): PolylogError {
  return cause.code === "ERR_BUFFER_TOO_LARGE" ? tooLarge(limit, cause) : damaged(cause);
}

function tooLarge(limit: number, cause?: Error): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", `More than ${limit} bytes come of the compressed message.`, {
    cause,
    remedy: "Send less in one message.",
  });
}

function damaged(cause: Error): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `The message can't be decompressed: ${cause.message}.`, {
    cause,
    remedy: "Send it whole, in the compression that it is said to have.",
  });
}
