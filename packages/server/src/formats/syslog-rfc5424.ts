import { type Draft, type Format, newDraft } from "./format.ts";
import { facilityName, readPriority, setSyslogSeverity } from "./syslog-priority.ts";
import { scanTime } from "./time/scan.ts";

/** `<PRI>VERSION TIMESTAMP HOSTNAME APP-NAME PROCID MSGID`; lengths as in the grammar. */
const HEAD = /^1 (\S{1,64}) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) /;

/** Syslog as RFC 5424 defines it, structured data included. */
export const syslogRfc5424: Format = {
  name: "syslog-rfc5424",
  isSingleLine: true,
  detect: (line) => line.charCodeAt(0) === 60 && />1 /.test(line.slice(0, 7)),
  parse(line, clock) {
    const priority = readPriority(line);
    if (priority === undefined) return undefined;
    const head = HEAD.exec(line.slice(priority.end, priority.end + 600));
    if (head === null) return undefined;
    const [all, timestamp, host, app, process, message] = head;
    const draft = newDraft();
    if (timestamp !== "-") {
      const time = scanTime(timestamp!, 0, clock);
      if (time === undefined || time.end !== timestamp!.length) return undefined;
      draft.timestamp = time.nanoseconds;
    }
    setSyslogSeverity(draft, priority.severity);
    if (host !== "-") draft.host = host!;
    if (app !== "-") draft.service = app!;
    if (process !== "-") draft.attributes.push("process.pid", process!);
    if (message !== "-") draft.attributes.push("syslog.msg.id", message!);
    draft.attributes.push("syslog.facility", facilityName(priority.facility));
    const end = readStructuredData(draft, line, priority.end + all.length);
    if (end < 0) return undefined;
    const text = line.slice(end);
    // rsyslog's own template puts another blank before the message, and UTF-8 may announce itself.
    draft.body = text.replace(/^ {0,2}\uFEFF?/, "");
    return draft;
  },
};

/**
 * `-` or `[id name="value" …]…` (section 6.3), whose parameters become attributes. Answers where it ends, -1
 * when it is malformed.
 */
function readStructuredData(draft: Draft, line: string, start: number): number {
  if (line[start] === "-") return start + 1;
  let at = start;
  while (line[at] === "[") {
    at++;
    const idStart = at;
    while (isNameCharacter(line.charCodeAt(at))) at++;
    const id = line.slice(idStart, at);
    if (id === "") return -1;
    while (line[at] === " ") {
      const nameStart = ++at;
      while (isNameCharacter(line.charCodeAt(at))) at++;
      const name = line.slice(nameStart, at);
      if (name === "" || line[at] !== "=" || line[at + 1] !== '"') return -1;
      const valueStart = at + 2;
      at = valueStart;
      let isEscaped = false;
      while (at < line.length && line[at] !== '"') {
        if (line[at] === "\\") {
          isEscaped = true;
          at++;
        }
        at++;
      }
      if (at >= line.length) return -1;
      const value = line.slice(valueStart, at);
      draft.attributes.push(
        `syslog.structured_data.${id}.${name}`,
        isEscaped ? value.replace(/\\(["\\\]])/g, "$1") : value,
      );
      at++;
    }
    if (line[at] !== "]") return -1;
    at++;
  }
  return at === start ? -1 : at;
}

/** SD-NAME: printable ASCII but `=`, blank, `]` and `"`. */
function isNameCharacter(c: number): boolean {
  return c > 32 && c < 127 && c !== 61 && c !== 93 && c !== 34;
}
