/** The name under which Papertrail's records are kept and counted. */
export const PAPERTRAIL = "papertrail";

/** The priority that every line of syslog begins with. */
const PRIORITY = /^\s*<\d{1,3}>/;

/** True when a body begins as a line of syslog does. */
export function isSyslog(body: Buffer): boolean {
  return PRIORITY.test(body.toString("latin1", 0, 16));
}
