import { type Draft, newDraft } from "../../formats/format.ts";
import { guessSeverity } from "../../formats/guess-severity.ts";
import { RecordBuilder } from "../../formats/record-builder.ts";
import {
  facilityName,
  type Priority,
  readPriority,
  setSyslogSeverity,
} from "../../formats/syslog-priority.ts";
import { syslogRfc3164 } from "../../formats/syslog-rfc3164.ts";
import { syslogRfc5424 } from "../../formats/syslog-rfc5424.ts";
import type { Clock } from "../../formats/time/clock.ts";
import { scanTime } from "../../formats/time/scan.ts";
import { type TimeZone, timeZone } from "../../formats/time/zone.ts";
import type { LogRecord } from "../../record/record.ts";

/** ` host tag[pid]: `; behind a tag without a blank the message begins at once. */
const ORIGIN = / ([\w.:-]{1,255}) ([^\s:[\]]{1,128})(?:\[([^\]\s]{1,64})\])?: ?/y;
/** ` tag[pid]: `, as programs and Docker write to the syslog of their own machine. */
const TAG = / ([^\s:[\]]{1,128})(?:\[([^\]\s]{1,64})\])?:(?: |$)/y;
/** `tag[pid]: ` without a time before it. */
const BARE_TAG = /([^\s:[\]<]{1,128})\[(\d{1,10})\]: ?/y;

/** Who sent a message, and when it came. */
interface Arrival {
  /** The sender's address, which is the host of a message that names none. */
  readonly address: string;
  /** Nanoseconds since 1970. */
  readonly now: bigint;
  /** Bytes cut off the message's end. */
  readonly cutBytes?: number;
}

/** Makes a record of one message, whatever it looks like. */
export type SyslogDecoder = (message: string, arrival: Arrival) => LogRecord;

/**
 * Hot path. Makes a decoder that tells RFC 5424 and RFC 3164 apart by each message. A message that is neither is
 * kept as it is. Its records share their resources.
 *
 * Source: RFC 5424, section 6; RFC 3164, section 4; what rsyslog, syslog-ng, logger, Docker and Python send.
 *
 * @param zone of times that name none, as RFC 3164's
 * @example
 * const decode = createSyslogDecoder();
 * decode("<13>Nov 21 10:41:07 web-1 sshd[7]: ready", { address: "10.0.0.5", now });
 */
export function createSyslogDecoder(zone: TimeZone = timeZone("local")): SyslogDecoder {
  const builder = new RecordBuilder();
  return (message, { address, now, cutBytes = 0 }) => {
    const clock: Clock = { zone, reference: Number(now / 1_000_000n) };
    const draft = draftOf(message, clock);
    if (draft.host === "") draft.host = address;
    if (cutBytes > 0) draft.attributes.push("polylog.truncated_bytes", String(cutBytes));
    return builder.build(draft, now, now);
  };
}

function draftOf(message: string, clock: Clock): Draft {
  const modern = syslogRfc5424.detect(message) ? syslogRfc5424.parse(message, clock) : undefined;
  if (modern !== undefined) return modern;
  const priority = readPriority(message);
  return priority === undefined ? withoutPriority(message, clock) : rfc3164(message, priority, clock);
}

/**
 * What comes from the network knows more forms than the format of files: without a host, a time, or a tag.
 * Section 4.3 has a relay take them all.
 */
function rfc3164(message: string, priority: Priority, clock: Clock): Draft {
  const draft = newDraft();
  setSyslogSeverity(draft, priority.severity);
  const time = scanTime(message, priority.end, clock);
  if (time === undefined) setTag(draft, message, priority.end, BARE_TAG);
  else {
    draft.timestamp = time.nanoseconds;
    if (!setTag(draft, message, time.end, TAG)) setOrigin(draft, message, time.end);
  }
  draft.attributes.push("syslog.facility", facilityName(priority.facility));
  return draft;
}

/** Sets tag, process and body; false (and the body is the rest) when there is no tag. */
function setTag(draft: Draft, message: string, at: number, pattern: RegExp): boolean {
  pattern.lastIndex = at;
  const found = pattern.exec(message);
  draft.body = message.slice(at + (found?.[0].length ?? 0)).trimStart();
  if (found === null) return false;
  draft.service = found[1]!;
  if (found[2] !== undefined) draft.attributes.push("process.pid", found[2]);
  return true;
}

function setOrigin(draft: Draft, message: string, at: number): void {
  ORIGIN.lastIndex = at;
  const found = ORIGIN.exec(message);
  if (found === null) return;
  const [all, host, tag, pid] = found;
  draft.host = host!;
  draft.service = tag!;
  if (pid !== undefined) draft.attributes.push("process.pid", pid);
  draft.body = message.slice(at + all.length);
}

function withoutPriority(message: string, clock: Clock): Draft {
  const known = syslogRfc3164.detect(message) ? syslogRfc3164.parse(message, clock) : undefined;
  if (known !== undefined) return known;
  const draft = newDraft();
  draft.body = message;
  guessSeverity(draft);
  return draft;
}
