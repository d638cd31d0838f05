import { PolylogError } from "../../../errors.ts";
import { MAX_JSON_DEPTH, MAX_JSON_NODES } from "../limits.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_LIST = 0x5b;
const CLOSE_LIST = 0x5d;
const OPEN_OBJECT = 0x7b;
const CLOSE_OBJECT = 0x7d;

/** Bytes up to which a body can't keep the parser busy for long, whatever is in it. */
const HARMLESS = 1 << 20;

/**
 * Hot path. Refuses JSON that is cheap to send and dear to parse: 31 MB of `{},{},…` keep `JSON.parse` busy for
 * seconds, in which nobody else is served, and take a gigabyte. To look a large body over first costs a quarter of
 * parsing it.
 *
 * @throws PolylogError `POLYLOG_E_TOO_LARGE` for too many objects and lists, `POLYLOG_E_BAD_REQUEST` for too deep.
 */
export function assertModestJson(bytes: Buffer): void {
  if (bytes.length <= HARMLESS) return;
  let nodes = 0;
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      i = endOfString(bytes, i);
    } else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      nodes++;
      if (++depth > MAX_JSON_DEPTH) throw tooDeep();
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) depth--;
  }
  if (nodes > MAX_JSON_NODES) throw tooMany();
}

/** Where the string that begins at `start` has its closing quote; the end of the bytes when it has none. */
function endOfString(bytes: Buffer, start: number): number {
  for (let i = start + 1; i < bytes.length; i++) {
    const byte = bytes[i];
    if (byte === QUOTE) return i;
    if (byte === BACKSLASH) i++;
  }
  return bytes.length;
}

function tooDeep(): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `The JSON is nested deeper than ${MAX_JSON_DEPTH} levels`);
}

function tooMany(): PolylogError {
  return new PolylogError(
    "POLYLOG_E_TOO_LARGE",
    `The JSON holds more than ${MAX_JSON_NODES} objects and lists`,
    {
      remedy: "Send smaller batches, or protobuf.",
    },
  );
}
