import type { Draft } from "../../formats/format.ts";
import { isJsonObject, type JsonObject } from "../../formats/json/json.ts";
import { parseJson } from "../../formats/json/json-text.ts";
import { exceptionOfStack } from "../../formats/lines/exception.ts";
import { isFrame } from "../../formats/lines/stack-trace.ts";
import { RecordBuilder, type RecordDefaults } from "../../formats/record-builder.ts";
import { setSeverityWord } from "../../formats/severity-text.ts";
import { setSyslogSeverity } from "../../formats/syslog-priority.ts";
import { epochTime } from "../../formats/time/epoch.ts";
import { UTC } from "../../formats/time/zone.ts";
import type { LogRecord } from "../../record/record.ts";
import { severityOfWord } from "../../record/severity.ts";
import { textOf } from "../flatten.ts";
import { numberOf } from "../number-of.ts";
import { UserFields } from "../user-fields.ts";

/** What became of a message: a record, or the reason why it can't be one. */
type GelfDecoded = { readonly record: LogRecord } | { readonly reason: string };

/** Decodes one message; `now` is its observed time, nanoseconds since 1970. */
export type GelfDecoder = (message: Buffer, now: bigint) => GelfDecoded;

/** What a message without a `level` has: alert. Source: GELF 1.1, "level". */
const DEFAULT_LEVEL = 1;
/** Bytes of one message: parsing more would hold everybody else up. */
const MAX_MESSAGE = 2 << 20;
/** Longer names of hosts are kept as attributes: they are none, and each would be a resource of its own. */
const MAX_HOST = 256;
/** Lines of a `full_message` that are looked at for the frames of a stack trace. */
const LINES_TO_A_FRAME = 50;

/** The fields of the specification that this decoder reads by their names. */
const OWN_FIELDS: ReadonlySet<string> = new Set([
  ...["version", "host", "short_message", "full_message", "timestamp", "level"],
]);

/**
 * Makes a decoder of GELF 1.1 messages, uncompressed and whole, however they came. Its records share their
 * resources. A NUL or a newline at the end is not part of the message.
 *
 * Never throws, whatever the message. Source: Graylog, "GELF Payload Specification".
 *
 * @param defaults what is known of the records from where they come
 * @example
 * const decode = createGelfDecoder();
 * decode(Buffer.from('{"version":"1.1","host":"web-1","short_message":"ready","level":6}'), now);
 */
export function createGelfDecoder(defaults: RecordDefaults = {}): GelfDecoder {
  const builder = new RecordBuilder(defaults);
  const fields = new UserFields();
  return (message, now) => {
    if (message.length > MAX_MESSAGE) return { reason: `longer than ${MAX_MESSAGE} bytes` };
    let value: unknown;
    try {
      value = parseJson(message.toString("utf8", 0, endOf(message)));
    } catch (error) {
      return { reason: `not JSON: ${(error as Error).message.slice(0, 200)}` };
    }
    if (!isJsonObject(value)) return { reason: "not a JSON object" };
    const short = textOf(value.short_message) || textOf(value.full_message);
    if (short === "") return { reason: "it has no short_message" };
    fields.begin({ zone: UTC, reference: Number(now / 1_000_000n) });
    const draft = draftOf(value, short, fields);
    return { record: builder.build(draft, now, now) };
  };
}

function endOf(message: Buffer): number {
  let end = message.length;
  while (end > 0 && (message[end - 1] === 0 || message[end - 1] === 10 || message[end - 1] === 13)) end--;
  return end;
}

/** Hot path. */
function draftOf(message: JsonObject, short: string, fields: UserFields): Draft {
  for (const key of Object.keys(message)) {
    if (!OWN_FIELDS.has(key)) fields.add(key.startsWith("_") ? key.slice(1) : key, message[key]);
  }
  const full = textOf(message.full_message);
  const stack = stackIn(full, short);
  if (stack !== undefined) fields.addStack(stack);
  else if (full !== short && full !== "") fields.addAttribute("full_message", full);
  const version = textOf(message.version);
  if (version !== "1.1" && version !== "1.0") fields.addAttribute("version", message.version);
  const time = timeOf(message.timestamp);
  if (time === undefined) fields.addAttribute("timestamp", message.timestamp);
  const level = levelOf(message.level);
  if (level === undefined) fields.addAttribute("level", message.level);
  const host = textOf(message.host);
  if (host.length > MAX_HOST) fields.addAttribute("host", host);

  const draft = fields.finish();
  if (draft.service === "" && typeof message._container_name === "string") {
    draft.service = message._container_name.slice(0, MAX_HOST);
  }
  draft.body = short;
  draft.timestamp = time;
  if (typeof level === "number") setSyslogSeverity(draft, level);
  else if (level !== undefined) setSeverityWord(draft, level);
  if (host.length <= MAX_HOST) draft.host = host;
  return draft;
}

/** The stack trace that a `full_message` is, by itself or behind the short one. */
function stackIn(full: string, short: string): string | undefined {
  const isBoth = full.length > short.length && full.startsWith(`${short}\n`);
  const stack = isBoth ? full.slice(short.length).trimStart() : full;
  if (!stack.includes("\n") || !stack.split("\n", LINES_TO_A_FRAME).some(isFrame)) return undefined;
  return exceptionOfStack(stack) === undefined ? undefined : stack;
}

function timeOf(value: unknown): bigint | undefined {
  return typeof value === "number" || typeof value === "string" ? epochTime(value) : undefined;
}

/** A syslog severity, or a word for one; `undefined` when it is neither. */
function levelOf(value: unknown): number | string | undefined {
  if (value === undefined || value === null || value === "") return DEFAULT_LEVEL;
  const level = numberOf(value);
  if (Number.isInteger(level) && level >= 0 && level <= 7) return level;
  return typeof value === "string" && severityOfWord(value) > 0 ? value : undefined;
}
