import { inflateSync } from "node:zlib";
import { PolylogError } from "../../errors.ts";
import type { JsonObject } from "../../formats/json/json.ts";
import { parseElement } from "../json-lists.ts";

/** Bytes of an event, inflated. */
const MAX_EVENT = 1 << 20;
const OPEN_BRACE = 0x7b;

/**
 * The event in a body of the `store` endpoint: JSON, or the base64 of deflated JSON, which SDKs sent before
 * `Content-Encoding` was told.
 *
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST` when it is neither
 */
export function eventOfStore(body: Buffer): JsonObject {
  const first = body.find((byte) => byte > 32);
  const event = parseElement(first === OPEN_BRACE ? body : inflated(body));
  if (event === undefined) throw malformed();
  return event;
}

function inflated(body: Buffer): Buffer {
  try {
    // zlib announces itself.
    const packed = body[0] === 0x78 ? body : Buffer.from(body.toString("latin1"), "base64");
    return inflateSync(packed, { maxOutputLength: MAX_EVENT });
  } catch (error) {
    throw malformed(error);
  }
}

function malformed(cause?: unknown): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", "The body is no Sentry event: it is not a JSON object.", {
    cause,
  });
}
