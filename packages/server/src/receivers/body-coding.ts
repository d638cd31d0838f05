import type { Duplex } from "node:stream";
import zlib from "node:zlib";
import { PolylogError } from "../errors.ts";
import { createZstdDecoder } from "./zstd.ts";

/** Output chunk of the decoders: each costs a trip to the thread pool, so larger than zlib's 16 KiB. */
const CHUNK = 64 << 10;

/** zstd came to Node with 22.15. */
const zstd = (zlib as { createZstdDecompress?: (options: { chunkSize: number }) => Duplex })
  .createZstdDecompress;

/** Makes a streaming decoder for one content coding; `null` where the bytes are taken as they are. */
const CODINGS: ReadonlyMap<string, (() => Duplex) | null> = new Map([
  ["", null],
  ["identity", null],
  ["gzip", () => zlib.createGunzip({ chunkSize: CHUNK })],
  ["x-gzip", () => zlib.createGunzip({ chunkSize: CHUNK })],
  ["deflate", () => zlib.createInflate({ chunkSize: CHUNK })],
  ["br", () => zlib.createBrotliDecompress({ chunkSize: CHUNK })],
  ["zstd", zstd === undefined ? createZstdDecoder : () => zstd({ chunkSize: CHUNK })],
]);

/** The codings that this Node can decode, as `Accept-Encoding` has them. */
const ACCEPTED_CODINGS = [...CODINGS.keys()].filter((name) => name && name !== "x-gzip").join(", ");

/**
 * A decoder for the value of a `Content-Encoding` header, or `null` when there is nothing to decode.
 *
 * One coding only: layers of compression are a bomb's favourite wrapping and no sender uses them.
 * Source: RFC 9110, section 8.4.1.
 *
 * @throws PolylogError `POLYLOG_E_UNSUPPORTED_MEDIA_TYPE` for a coding that is not known.
 */
export function decoderOfCoding(contentEncoding: string | undefined): Duplex | null {
  const make = CODINGS.get((contentEncoding ?? "").trim().toLowerCase());
  if (make === undefined) {
    throw new PolylogError(
      "POLYLOG_E_UNSUPPORTED_MEDIA_TYPE",
      `Content-Encoding "${(contentEncoding ?? "").slice(0, 64)}" is not supported`,
      { remedy: `Send one of ${ACCEPTED_CODINGS}.` },
    );
  }
  return make === null ? null : make();
}
