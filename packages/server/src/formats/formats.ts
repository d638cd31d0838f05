import { accessLog } from "./access-log.ts";
import { alternatives } from "./alternatives.ts";
import { apacheError } from "./apache-error.ts";
import { aptHistory } from "./apt-history.ts";
import { aptTerm } from "./apt-term.ts";
import { clickhouse } from "./clickhouse.ts";
import { dpkg } from "./dpkg.ts";
import type { Format } from "./format.ts";
import { go } from "./go.ts";
import { javaUtilLogging } from "./java-util-logging.ts";
import { json } from "./json/json.ts";
import { klog } from "./klog.ts";
import { leveled } from "./leveled.ts";
import { log4j } from "./log4j.ts";
import { logfmt } from "./logfmt.ts";
import { nginxError } from "./nginx-error.ts";
import { postgres } from "./postgres.ts";
import { python } from "./python.ts";
import { redis } from "./redis.ts";
import { rust } from "./rust.ts";
import { syslogRfc3164 } from "./syslog-rfc3164.ts";
import { syslogRfc5424 } from "./syslog-rfc5424.ts";
import { timestamped } from "./timestamped.ts";
import { unified } from "./unified.ts";

/** All formats that a line can be told to have, the most specific first; `plain` is what remains. */
export const FORMATS: readonly Format[] = [
  json,
  unified,
  syslogRfc5424,
  accessLog,
  nginxError,
  apacheError,
  dpkg,
  alternatives,
  aptHistory,
  aptTerm,
  klog,
  postgres,
  clickhouse,
  redis,
  javaUtilLogging,
  go,
  rust,
  syslogRfc3164,
  python,
  log4j,
  logfmt,
  timestamped,
  leveled,
];

/** Formats so loose that a line of another may fit them: never preferred to the others. */
export const LOOSE: ReadonlySet<Format> = new Set([timestamped, leveled]);
