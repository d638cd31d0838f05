import { PolylogError } from "../../errors.ts";

/** One frame of Lumberjack. */
export type Frame =
  /** So many events come until the next acknowledgement. */
  | { readonly type: "window"; readonly version: number; readonly size: number }
  /** An event as JSON (version 2). */
  | { readonly type: "json"; readonly sequence: number; readonly payload: Buffer }
  /** An event as pairs of texts (version 1): name, value, name, value. */
  | { readonly type: "data"; readonly sequence: number; readonly pairs: readonly string[] }
  /** Frames compressed by zlib. */
  | { readonly type: "compressed"; readonly payload: Buffer };

/** A frame and where the next one begins. */
export interface FramedAt {
  readonly frame: Frame;
  readonly end: number;
}

/** Bytes of one frame. Filebeat's largest event has 10 MB. */
const MAX_FRAME_BYTES = 16 << 20;
const MAX_PAIRS = 4096;

const VERSION_1 = 0x31;
const VERSION_2 = 0x32;

/**
 * Hot path. The frame at `at`, undefined when it isn't complete. All numbers are big-endian.
 *
 * @throws PolylogError `POLYLOG_E_BAD_REQUEST`, `POLYLOG_E_TOO_LARGE`
 *
 * Source: Elastic, "Lumberjack protocol" version 1 (logstash-forwarder) and version 2 (go-lumber).
 */
export function frameAt(bytes: Buffer, at: number): FramedAt | undefined {
  const version = bytes[at];
  if (version === undefined) return undefined;
  if (version !== VERSION_1 && version !== VERSION_2) throw malformed(`${hex(version)} is no version`);
  const type = bytes[at + 1];
  if (type === undefined) return undefined;
  if (bytes.length < at + 6) {
    if (!TYPES.has(type)) throw malformed(`${hex(type)} is no type of frame`);
    return undefined;
  }
  const number = bytes.readUInt32BE(at + 2);
  switch (type) {
    case WINDOW:
      return { frame: { type: "window", version, size: number }, end: at + 6 };
    case JSON_EVENT:
      return jsonAt(bytes, at + 6, number);
    case DATA:
      return dataAt(bytes, at + 6, number);
    case COMPRESSED: {
      const payload = payloadAt(bytes, at + 2);
      return payload && { frame: { type: "compressed", payload }, end: at + 6 + payload.length };
    }
    default:
      throw malformed(`${hex(type)} is no type of frame`);
  }
}

const WINDOW = 0x57;
const JSON_EVENT = 0x4a;
const DATA = 0x44;
const COMPRESSED = 0x43;
const TYPES: ReadonlySet<number> = new Set([WINDOW, JSON_EVENT, DATA, COMPRESSED]);

function jsonAt(bytes: Buffer, at: number, sequence: number): FramedAt | undefined {
  const payload = payloadAt(bytes, at);
  return payload && { frame: { type: "json", sequence, payload }, end: at + 4 + payload.length };
}

function dataAt(bytes: Buffer, at: number, sequence: number): FramedAt | undefined {
  if (bytes.length < at + 4) return undefined;
  const count = bytes.readUInt32BE(at);
  if (count > MAX_PAIRS) throw tooLarge(`${count} pairs`);
  const pairs: string[] = [];
  let next = at + 4;
  for (let i = 0; i < 2 * count; i++) {
    const text = payloadAt(bytes, next);
    if (text === undefined) {
      if (bytes.length - at > MAX_FRAME_BYTES) throw tooLarge("the pairs of an event");
      return undefined;
    }
    pairs.push(text.toString());
    next += 4 + text.length;
  }
  return { frame: { type: "data", sequence, pairs }, end: next };
}

/** Bytes behind their length. */
function payloadAt(bytes: Buffer, at: number): Buffer | undefined {
  if (bytes.length < at + 4) return undefined;
  const length = bytes.readUInt32BE(at);
  if (length > MAX_FRAME_BYTES) throw tooLarge(`${length} bytes`);
  return bytes.length < at + 4 + length ? undefined : bytes.subarray(at + 4, at + 4 + length);
}

/** `2A` and the sequence number up to which all is committed. */
export function acknowledgement(version: number, sequence: number): Buffer {
  const bytes = Buffer.of(version, 0x41, 0, 0, 0, 0);
  bytes.writeUInt32BE(sequence, 2);
  return bytes;
}

/** Whether a peer of this version takes an acknowledgement of nothing for a sign of life. */
export function knowsSignOfLife(version: number): boolean {
  return version === VERSION_2;
}

export function malformed(what: string): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", `This is not the Lumberjack protocol: ${what}.`, {
    remedy: "Send by Beats' or Logstash's Lumberjack output, version 1 or 2.",
  });
}

function tooLarge(what: string): PolylogError {
  return new PolylogError("POLYLOG_E_TOO_LARGE", `${what} are more than a frame may have.`, {
    remedy: `Send events of at most ${MAX_FRAME_BYTES} bytes.`,
  });
}

function hex(byte: number): string {
  return `0x${byte.toString(16).padStart(2, "0")}`;
}
