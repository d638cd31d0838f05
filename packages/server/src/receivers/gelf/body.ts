import { PolylogError } from "../../errors.ts";
import type { LogRecord } from "../../record/record.ts";
import { createGelfDecoder } from "./decoder.ts";

const NEWLINE = 10;

/**
 * The messages of a body, `null` for each that can't be kept.
 *
 * Throws `POLYLOG_E_BAD_REQUEST` when there is none that can.
 */
export function* decodeGelfBody(
  body: Buffer,
  { now }: { readonly now: bigint },
): Generator<LogRecord | null> {
  const decode = createGelfDecoder();
  let kept = 0;
  let firstReason = "it is empty";
  for (const message of messagesOf(body)) {
    const decoded = decode(message, now);
    if ("record" in decoded) kept++;
    else if (firstReason === "it is empty") firstReason = decoded.reason;
    yield "record" in decoded ? decoded.record : null;
  }
  if (kept === 0) {
    throw new PolylogError("POLYLOG_E_BAD_REQUEST", `The body is no GELF message: ${firstReason}.`, {
      remedy: 'Send {"version":"1.1","host":"…","short_message":"…","level":6}.',
    });
  }
}

/** A message may be laid out over many lines; it is one for each line when the first is closed by itself. */
function* messagesOf(body: Buffer): Generator<Buffer> {
  const end = body.indexOf(NEWLINE);
  const isOneEach =
    end >= 0 &&
    body
      .toString("latin1", Math.max(0, end - 2), end)
      .trim()
      .endsWith("}");
  if (!isOneEach) {
    if (!isBlank(body)) yield body;
    return;
  }
  for (let start = 0; start < body.length; ) {
    const newline = body.indexOf(NEWLINE, start);
    const line = body.subarray(start, newline < 0 ? body.length : newline);
    if (!isBlank(line)) yield line;
    start += line.length + 1;
  }
}

function isBlank(bytes: Buffer): boolean {
  return bytes.every((byte) => byte <= 32);
}
