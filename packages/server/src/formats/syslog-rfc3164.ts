import { severityOfWord } from "../record/severity.ts";
import { type Format, newDraft } from "./format.ts";
import { guessSeverity } from "./guess-severity.ts";
import { facilityName, readPriority, setSyslogSeverity } from "./syslog-priority.ts";
import { scanTime } from "./time/scan.ts";

/** ` host tag[pid]: ` or ` host tag: `. */
const ORIGIN = /^ ([\w.:-]{1,255}) ([\w./@+()-]{1,128})(?:\[(\d{1,10})\])?: ?/;

/**
 * Syslog as RFC 3164 describes it, and as it lies in files: without a priority, or with rsyslog's ISO time.
 * journald's `short`, `short-precise` and `short-iso` outputs are the same.
 */
export const syslogRfc3164: Format = {
  name: "syslog-rfc3164",
  detect: (line) => /^(?:<\d{1,3}>|[A-Z][a-z]{2} [ \d]\d |\d{4}-\d\d-\d\dT)/.test(line),
  parse(line, clock) {
    const priority = readPriority(line);
    const start = priority?.end ?? 0;
    const time = scanTime(line, start, clock);
    if (time === undefined) return undefined;
    const origin = ORIGIN.exec(line.slice(time.end, time.end + 420));
    // `2026-11-21T10:41:07Z INFO main: …` is somebody else's; a priority is syslog's alone.
    if (priority === undefined && (origin === null || severityOfWord(origin[1]!) > 0)) return undefined;
    const [all = "", host = "", tag = "", pid] = origin ?? [];
    const draft = newDraft();
    draft.timestamp = time.nanoseconds;
    draft.host = host;
    draft.service = tag;
    draft.body = line.slice(time.end + all.length).trimStart();
    if (pid) draft.attributes.push("process.pid", pid);
    if (priority === undefined) guessSeverity(draft);
    else {
      draft.attributes.push("syslog.facility", facilityName(priority.facility));
      setSyslogSeverity(draft, priority.severity);
    }
    return draft;
  },
};
