import { severityOfSyslog } from "../record/severity.ts";
import type { Draft } from "./format.ts";

/** Keywords of the facilities 0 to 23. Source: RFC 5424, section 6.2.1; syslog(3). */
const FACILITIES = [
  ...["kern", "user", "mail", "daemon", "auth", "syslog", "lpr", "news", "uucp", "cron", "authpriv", "ftp"],
  ...["ntp", "audit", "alert", "clock", "local0", "local1", "local2", "local3", "local4", "local5"],
  ...["local6", "local7"],
];

/** Keywords of the severities 0 to 7. Source: syslog(3). */
const SEVERITIES = ["emerg", "alert", "crit", "err", "warning", "notice", "info", "debug"];

/** Takes a syslog severity over, with its keyword as the sender's word. */
export function setSyslogSeverity(draft: Draft, severity: number): void {
  draft.severityNumber = severityOfSyslog(severity);
  draft.severityText = SEVERITIES[severity] ?? "";
}

export function facilityName(facility: number): string {
  return FACILITIES[facility] ?? String(facility);
}

export interface Priority {
  readonly facility: number;
  /** 0 (emergency) to 7 (debug). */
  readonly severity: number;
  /** Behind the `>`. */
  readonly end: number;
}

/** `<0>` to `<191>` at the beginning of a line. */
export function readPriority(line: string): Priority | undefined {
  const found = /^<(\d{1,3})>/.exec(line);
  const value = Number(found?.[1] ?? 192);
  return found === null || value > 191
    ? undefined
    : { facility: value >> 3, severity: value & 7, end: found[0].length };
}
