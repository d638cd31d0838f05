import { pipeline, Readable } from "node:stream";
import { PolylogError } from "../errors.ts";
import type { BodyRoom } from "../intake/body-memory.ts";
import { decoderOfCoding } from "./body-coding.ts";
import type { BodyLimits } from "./receiver.ts";

/** Bytes of a refused body that are read and thrown away before its sender is cut off. */
const DISCARD_LIMIT = 256 << 20;

/** The headers that say how a body is to be read; `IncomingMessage.headers` fits. */
export interface BodyHeaders {
  readonly "content-encoding"?: string | undefined;
  readonly "content-length"?: string | undefined;
}

/**
 * The whole body of a request, decoded (identity, gzip, deflate, br and zstd).
 *
 * Limits hold while bytes arrive and while they are inflated, so a bomb costs no more memory than
 * `limits.decompressed`. When the body is refused, the rest of it is read and thrown away (up to a limit),
 * so that the sender gets to see the answer.
 *
 * Rejects with `POLYLOG_E_TOO_LARGE`, with `POLYLOG_E_UNSUPPORTED_MEDIA_TYPE` for an unknown coding, and with
 * `POLYLOG_E_BAD_REQUEST` when the compressed bytes are damaged or end early, or when the sender leaves; with
 * `POLYLOG_E_INTAKE_FULL` when `memory`, which requests share, has no room now.
 *
 * @example
 * const bytes = await readBody(request.raw, request.headers, context.limits);
 */
export async function readBody(
  stream: Readable,
  headers: BodyHeaders,
  limits: BodyLimits,
  memory?: BodyRoom,
): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  try {
    await eachChunkOfBody(stream, headers, limits, (chunk) => {
      memory?.take(chunk.length);
      chunks.push(chunk);
      length += chunk.length;
    });
    return chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length);
  } finally {
    memory?.give(length);
  }
}

/**
 * The body of a request as a stream of {@link chunksOfBody}; the errors come as the stream's.
 *
 * @example
 * for await (const chunk of streamBody(request.raw, request.headers, context.limits)) lines.push(chunk);
 */
export function streamBody(stream: Readable, headers: BodyHeaders, limits: BodyLimits): Readable {
  return Readable.from(chunksOfBody(stream, headers, limits), { objectMode: false });
}

/**
 * Hot path. Hands the decoded bytes of a request's body on as they come, under the same limits and with the same errors
 * as {@link readBody}; what `take` throws ends the reading, and is thrown.
 *
 * @example
 * await eachChunkOfBody(request.raw, request.headers, context.limits, (chunk) => reader.push(chunk));
 */
export function eachChunkOfBody(
  stream: Readable,
  headers: BodyHeaders,
  limits: BodyLimits,
  take: (chunk: Buffer) => void,
): Promise<void> {
  // Most requests are small and not compressed. For these, an iterator costs more than all else that is done for them.
  return headers["content-encoding"]
    ? decodeEachChunk(stream, headers, limits, take)
    : listenToBody(stream, headers, limits, take);
}

/** {@link eachChunkOfBody} for a body that is compressed. */
async function decodeEachChunk(
  stream: Readable,
  headers: BodyHeaders,
  limits: BodyLimits,
  take: (chunk: Buffer) => void,
): Promise<void> {
  for await (const chunk of chunksOfBody(stream, headers, limits)) take(chunk);
}

/** {@link eachChunkOfBody} for a body that needs no decoding. */
function listenToBody(
  stream: Readable,
  headers: BodyHeaders,
  limits: BodyLimits,
  take: (chunk: Buffer) => void,
): Promise<void> {
  const limit = Math.min(limits.compressed, limits.decompressed);
  return new Promise((resolve, reject) => {
    let length = 0;
    const onData = (chunk: Buffer): void => {
      length += chunk.length;
      try {
        if (length > limit) throw tooLarge("body", limit);
        take(chunk);
      } catch (error) {
        fail(error);
      }
    };
    const onEnd = (): void => {
      stopListening();
      resolve();
    };
    const onLost = (): void => fail(bodyError(stream.errored));
    // The stream lives on until its request is answered: it should not keep what was needed to read it.
    const stopListening = (): void => {
      stream.off("data", onData).off("end", onEnd).off("error", onLost).off("close", onLost);
    };
    const fail = (error: unknown): void => {
      stopListening();
      discardRest(stream);
      reject(error);
    };
    if (Number(headers["content-length"]) > limits.compressed)
      return fail(tooLarge("body", limits.compressed));
    // One that is at its end already, or whose sender is gone, tells nobody a second time.
    if (stream.readableEnded) return resolve();
    if (stream.destroyed) return onLost();
    stream.on("end", onEnd).on("error", onLost).on("close", onLost).on("data", onData);
  });
}

/**
 * The decoded bytes of a request's body as they come, under the same limits and with the same errors as
 * {@link readBody}. Reads no faster than it is read.
 *
 * @example
 * for await (const chunk of chunksOfBody(request.raw, request.headers, context.limits)) reader.push(chunk);
 */
async function* chunksOfBody(
  stream: Readable,
  headers: BodyHeaders,
  limits: BodyLimits,
): AsyncGenerator<Buffer> {
  let isComplete = false;
  try {
    const decoder = decoderOfCoding(headers["content-encoding"]);
    if (Number(headers["content-length"]) > limits.compressed) throw tooLarge("body", limits.compressed);
    // The request must outlive its reading: destroying it would close the socket before the answer is sent.
    const chunks = stream.iterator({ destroyOnReturn: false });
    if (decoder === null) {
      yield* bounded(chunks, Math.min(limits.compressed, limits.decompressed), "body");
    } else {
      const arriving = bounded(chunks, limits.compressed, "body");
      pipeline(arriving, decoder, () => {}); // its error destroys the decoder, and is thrown by the next line
      yield* bounded(decoder, limits.decompressed, "body, decompressed,");
    }
    isComplete = true;
  } catch (error) {
    throw bodyError(error);
  } finally {
    if (!isComplete) discardRest(stream);
  }
}

async function* bounded(source: AsyncIterable<Buffer>, limit: number, what: string): AsyncGenerator<Buffer> {
  let length = 0;
  for await (const chunk of source) {
    length += chunk.length;
    if (length > limit) throw tooLarge(what, limit);
    yield chunk;
  }
}

function tooLarge(what: string, limit: number): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", `The request's ${what} is larger than ${limit} bytes`, {
    remedy: "Send smaller batches.",
  });
}

function bodyError(error: unknown): PolylogError {
  if (error instanceof PolylogError) return error;
  const { code = "", message = "" } = (error ?? {}) as { code?: unknown; message?: string };
  // Z_DATA_ERROR, Z_BUF_ERROR and their like; brotli's are ERR__ERROR_FORMAT_…, zstd's ZSTD_error_….
  const isDamaged = /^(Z_|ERR__ERROR_|ERR_BROTLI|ZSTD_)/.test(String(code));
  return isDamaged
    ? new PolylogError("POLYLOG_E_BAD_REQUEST", `The request's body can't be decompressed: ${message}`, {
        cause: error,
        remedy: "Send the whole body, in the coding that Content-Encoding names.",
      })
    : new PolylogError("POLYLOG_E_BAD_REQUEST", "The request ended before its body was complete", {
        cause: error,
      });
}

/**
 * Reads on without keeping anything: a sender that is cut off while it writes never reads the answer. Past
 * {@link DISCARD_LIMIT} it is cut off all the same.
 */
function discardRest(stream: Readable): void {
  if (stream.destroyed || stream.readableEnded) return;
  let length = 0;
  stream.on("error", () => {}); // nobody reads it any more, and the refusal is already on its way
  stream.on("data", (chunk: Buffer) => {
    length += chunk.length;
    if (length > DISCARD_LIMIT) stream.destroy();
  });
}
