import { PolylogError } from "../../errors.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const BACKTICK = 0x60;
const LETTER_S = 0x73;
/** A backtick, an `s` and the length. */
const HEAD = 6;
/** Bytes between two turns of others. */
const BYTES_PER_STEP = 4096;

/**
 * Hot path. Makes JSON of what Scalyr's agent sends: its texts may stand without quotes, as a backtick, an `s`, their
 * length in four bytes (big-endian, signed) and their UTF-8 bytes. A body without them is answered as it is.
 *
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST` when a length reaches behind the end
 */
export function* withQuotedStrings(body: Buffer): Generator<undefined, Buffer> {
  if (!body.includes("`s")) return body;
  const parts: Buffer[] = [];
  let kept = 0;
  let nextStep = BYTES_PER_STEP;
  for (let at = 0; at < body.length; at++) {
    if (at >= nextStep) {
      nextStep = at + BYTES_PER_STEP;
      yield;
    }
    if (body[at] === QUOTE) at = endOfString(body, at);
    else if (body[at] === BACKTICK && body[at + 1] === LETTER_S) {
      const start = at + HEAD;
      const length = start <= body.length ? body.readInt32BE(at + 2) : -1;
      if (length < 0 || start + length > body.length) throw tooShort(at);
      const text = body.toString("utf8", start, start + length);
      parts.push(body.subarray(kept, at), Buffer.from(JSON.stringify(text)));
      kept = start + length;
      at = kept - 1;
    }
  }
  parts.push(body.subarray(kept));
  return Buffer.concat(parts);
}

function tooShort(at: number): PolylogError {
  return new PolylogError(
    "POLYLOG_E_BAD_REQUEST",
    `The length of the text at byte ${at} reaches behind the body's end.`,
  );
}

/** Where the string that begins at `start` has its closing quote; the end of the bytes when it has none. */
function endOfString(bytes: Buffer, start: number): number {
  for (let at = start + 1; at < bytes.length; at++) {
    if (bytes[at] === QUOTE) return at;
    if (bytes[at] === BACKSLASH) at++;
  }
  return bytes.length;
}
