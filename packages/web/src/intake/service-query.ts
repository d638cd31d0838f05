import { quoteValue } from "@polylog/server/query";

/** The query for a service's records; none for what is no service: `(syslog)`, `(others)`. */
export function serviceQuery(name: string): string | undefined {
  return /^\(.*\)$/.test(name) || name === "" ? undefined : `service:${quoteValue(name)}`;
}
