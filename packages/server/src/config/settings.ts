import { z } from "zod";
import type { RateLimits } from "../intake/rate-limit.ts";
import { lengthOf } from "../query/time/length.ts";
import { LEVELS } from "../record/severity.ts";
import { parseBytes } from "./bytes.ts";
import { readRateLimits } from "./rate-limits.ts";
import {
  isReceiver,
  RECEIVER_NAMES,
  type ReceiverName,
  readReceivers,
  suggestion,
} from "./receiver-choice.ts";
import {
  MAX_RETENTION_DAYS,
  MAX_RETENTION_RULES,
  parseRetentionRule,
  type RetentionRule,
  RULE_FORM,
} from "./retention-rules.ts";

/** Comma-separated text, or a list in a file. A comma within braces belongs to a glob. */
const list = z.union([z.string(), z.array(z.string())]).transform((value) =>
  (typeof value === "string" ? [value] : value)
    .flatMap((text) => text.split(/,(?![^{]*\})/))
    .map((text) => text.trim())
    .filter((text) => text !== ""),
);

const NO_PORT = "off, or a number from 0 (any free port) to 65535";
const port = z.union([z.string(), z.number()], NO_PORT).transform((value, context): number | null => {
  if (value === "off") return null;
  const number = typeof value === "number" ? value : /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  if (Number.isInteger(number) && number >= 0 && number <= 65_535) return number;
  context.addIssue(NO_PORT);
  return z.NEVER;
});

function whole(minimum: number, maximum: number, what: string) {
  const expected = `${what} from ${minimum} to ${maximum}`;
  return z.coerce.number(expected).int(expected).min(minimum, expected).max(maximum, expected);
}

function bytes(minimum: number) {
  const expected = `a size like 512MB or 2GiB, at least ${minimum / 1e6}MB`;
  return z.union([z.string(), z.number()], expected).transform((value, context) => {
    const size = typeof value === "number" ? value : parseBytes(value);
    if (size !== undefined && Number.isSafeInteger(size) && size >= minimum) return size;
    context.addIssue(expected);
    return z.NEVER;
  });
}

const NO_SPOOL = "off, or a size like 500MB or 2GiB, at least 10MB";
const spoolSize = z.union([z.string(), z.number()], NO_SPOOL).transform((value, context): number | null => {
  if (value === "off") return null;
  const size = typeof value === "number" ? value : parseBytes(value);
  if (size !== undefined && Number.isSafeInteger(size) && size >= 10e6) return size;
  context.addIssue(NO_SPOOL);
  return z.NEVER;
});

const receivers = list.transform((items, context) => {
  const read = readReceivers(items);
  if ("choices" in read) return read.choices;
  context.addIssue(read.expected);
  return z.NEVER;
});

const receiverNames = list.transform((items, context): readonly ReceiverName[] => {
  if (items.includes("all")) return RECEIVER_NAMES;
  const stranger = items.find((name) => !isReceiver(name));
  if (stranger === undefined) return items.filter(isReceiver);
  context.addIssue(suggestion(stranger));
  return z.NEVER;
});

/** Milliseconds. The engine ends a reader's question at 60 s whatever it asks for, and needs some to finish. */
const SHORTEST_QUERY = 1_000;
const LONGEST_QUERY = 55_000;
const duration = z.string("a time like 30s").transform((value, context) => {
  const milliseconds = lengthOf(value.trim().toLowerCase());
  if (milliseconds !== undefined && milliseconds >= SHORTEST_QUERY && milliseconds <= LONGEST_QUERY)
    return milliseconds;
  context.addIssue("a time like 30s, from 1s to 55s");
  return z.NEVER;
});

const retentionRules = list.transform((items, context): readonly RetentionRule[] => {
  const rules = items.map(parseRetentionRule);
  const wrong = items[rules.indexOf(undefined)];
  if (wrong === undefined && items.length <= MAX_RETENTION_RULES)
    return rules.filter((rule) => rule !== undefined);
  context.addIssue(wrong === undefined ? `at most ${MAX_RETENTION_RULES} rules` : RULE_FORM);
  return z.NEVER;
});

const LIMIT_FORM =
  "sizes a second like `5MB` for every service, `checkout=20MB` or `audit=off` for one, at least 1kB";
const rateLimits = list.transform((items, context): RateLimits => {
  const limits = readRateLimits(items);
  if (limits !== undefined) return limits;
  context.addIssue(LIMIT_FORM);
  return z.NEVER;
});

const urls = list.pipe(z.array(z.url({ protocol: /^https?$/, error: "http:// or https:// addresses" })));

/** RFC 6750 section 2.1: what a bearer token may be made of; the length keeps it from being guessed. */
const token = z
  .string()
  .regex(
    /^[\w.~+/-]{16,512}=*$/,
    "16 to 512 letters, digits or - . _ ~ + /, such as `openssl rand -hex 24` prints",
  );

function oneOf<const Values extends readonly [string, ...string[]]>(values: Values) {
  return z.enum(values, `one of ${values.join(", ")}`);
}

/** What the help of a setting shows beside its description. */
export interface SettingNotes {
  readonly description: string;
  /** Stands for the value: `--port PORT`. */
  readonly argument: string;
  /** The default in words, where the schema's own would not say it. */
  readonly fallback?: string;
  /** Whether the value must not be shown, not even in an error. */
  readonly isSecret?: boolean;
}

function setting<Schema extends z.ZodType>(schema: Schema, notes: SettingNotes): Schema {
  return schema.meta({ ...notes });
}

/**
 * Every setting of a server. This is the one list: names of flags (`--grpc-port`), variables
 * (`POLYLOG_GRPC_PORT`) and keys of the file (`grpcPort`) follow from the keys here, and the help from the notes.
 */
export const settings = z.object({
  host: setting(z.string().min(1, "a name or an address").default("127.0.0.1"), {
    description: "address to listen on; anything but loopback needs --auth-token",
    argument: "ADDRESS",
  }),
  port: setting(port.default(4318), {
    description: "port of pages, API and HTTP intake; 0 for any free one, off for none",
    argument: "PORT",
  }),
  grpcPort: setting(port.default(4317), {
    description: "port of OTLP over gRPC; 0 for any free one, off for none",
    argument: "PORT",
  }),
  authToken: setting(token.optional(), {
    description: "token that every request has to carry; better set as POLYLOG_AUTH_TOKEN",
    argument: "TOKEN",
    fallback: "none asked for",
    isSecret: true,
  }),
  receivers: setting(receivers.default([]), {
    description: `protocols to take in beside HTTP: all, or some of ${RECEIVER_NAMES.join(", ")}, each NAME or NAME:PORT`,
    argument: "LIST",
    fallback: "none",
  }),
  openReceivers: setting(receiverNames.default([]), {
    description: "those of them that may take records from anybody, as they can't ask for a token",
    argument: "LIST",
    fallback: "none",
  }),
  tlsCert: setting(z.string().min(1, "a file").optional(), {
    description: "certificate, with its chain, in PEM: the receivers over TCP speak TLS then, but for syslog",
    argument: "FILE",
    fallback: "none",
  }),
  tlsKey: setting(z.string().min(1, "a file").optional(), {
    description: "its private key in PEM",
    argument: "FILE",
    fallback: "none",
  }),
  tlsClientCa: setting(z.string().min(1, "a file").optional(), {
    description: "authority in PEM: only senders with a certificate that it has signed may come in by TLS",
    argument: "FILE",
    fallback: "none",
  }),
  data: setting(z.string().min(1, "a directory").optional(), {
    description: "directory that holds the records",
    argument: "DIR",
    fallback: "the user's data directory",
  }),
  retentionDays: setting(whole(0, MAX_RETENTION_DAYS, "days").default(30), {
    description: "days after which records are deleted; 0 for never",
    argument: "DAYS",
  }),
  retentionRules: setting(retentionRules.default([]), {
    description: "others for some, the first that fits holds: 'level:<=debug 3d, service:audit 400d'",
    argument: "LIST",
    fallback: "none",
  }),
  maxSize: setting(bytes(100e6).optional(), {
    description: "size on disk beyond which the oldest days are dropped, like 200GB",
    argument: "SIZE",
    fallback: "no bound",
  }),
  backups: setting(z.string().min(1, "a directory").optional(), {
    description: "directory that `polylog backup` writes into",
    argument: "DIR",
    fallback: "backups in the data directory",
  }),
  tail: setting(list.default([]), {
    description: "files to follow, as globs in quotes; may be given again",
    argument: "GLOB...",
    fallback: "none",
  }),
  engine: setting(oneOf(["embedded", "clickhouse"]).default("embedded"), {
    description: "embedded, or clickhouse for a server that already runs",
    argument: "ENGINE",
  }),
  clickhouseUrl: setting(urls.default([]), {
    description: "ClickHouse's HTTP address; several, comma-separated, are all the nodes of a cluster",
    argument: "URL",
    fallback: "none",
  }),
  clickhouseCluster: setting(
    z
      .string()
      .regex(/^[A-Za-z_][\w.-]{0,62}$/, "letters, digits, dots, hyphens and underscores")
      .default("polylog"),
    { description: "what these nodes call their cluster, in `remote_servers`", argument: "NAME" },
  ),
  clickhouseUser: setting(z.string().default("default"), {
    description: "user there",
    argument: "NAME",
  }),
  clickhousePassword: setting(z.string().default(""), {
    description: "password there; better set as POLYLOG_CLICKHOUSE_PASSWORD",
    argument: "PASSWORD",
    fallback: "none",
    isSecret: true,
  }),
  clickhouseDatabase: setting(
    z
      .string()
      .regex(/^[A-Za-z_]\w{0,62}$/, "letters, digits and underscores")
      .default("polylog"),
    { description: "database there", argument: "NAME" },
  ),
  memoryLimit: setting(bytes(500e6).optional(), {
    description: "most memory of the embedded engine",
    argument: "SIZE",
    fallback: "half of the machine's or container's, at most 4GB",
  }),
  intakeMemory: setting(bytes(1e6).default(128e6), {
    description: "most memory of records that wait for the store",
    argument: "SIZE",
    fallback: "128MB",
  }),
  decodeThreads: setting(whole(0, 64, "threads").optional(), {
    description: "threads that decode heavy requests, so that they hold up nothing else; 0 for none",
    argument: "N",
    fallback: "two fewer than there are cores, at most 4",
  }),
  rateLimits: setting(rateLimits.default({ others: null, named: new Map() }), {
    description: "most bytes a second of a service: 5MB for each, checkout=20MB or audit=off for one",
    argument: "LIST",
    fallback: "none",
  }),
  spoolSize: setting(spoolSize.default(2e9), {
    description: "most disk of records that are acknowledged while the store is away; off for none",
    argument: "SIZE",
    fallback: "2GB",
  }),
  spoolFirst: setting(receiverNames.default([]), {
    description: "receivers whose records go to that disk first of all, as nobody would send them again",
    argument: "LIST",
    fallback: "none",
  }),
  fsync: setting(oneOf(["on", "off"]).default("off"), {
    description: "on: records are acknowledged only once they outlive a power cut, for some more time each",
    argument: "ON",
  }),
  queryTimeout: setting(duration.default(30_000), {
    description: "longest time of a question",
    argument: "TIME",
    fallback: "30s",
  }),
  queryMemory: setting(bytes(10e6).default(1e9), {
    description: "most memory of a question",
    argument: "SIZE",
    fallback: "1GB",
  }),
  queryRows: setting(whole(1000, 1e12, "rows").default(1e9), {
    description: "most rows that a question reads",
    argument: "ROWS",
    fallback: "1,000,000,000",
  }),
  logLevel: setting(oneOf([...LEVELS, "off"]).default("info"), {
    description: "lowest level the server logs of itself",
    argument: "LEVEL",
  }),
});

export type Settings = z.infer<typeof settings>;
export type SettingName = keyof Settings & string;

export const SETTING_NAMES = Object.keys(settings.shape) as readonly SettingName[];

/** The flag of a setting: `grpcPort` is `--grpc-port`. */
export function flagOf(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}

/** The environment variable of a setting: `grpcPort` is `POLYLOG_GRPC_PORT`. */
export function variableOf(name: string): string {
  return `POLYLOG_${name.replace(/[A-Z]/g, (letter) => `_${letter}`).toUpperCase()}`;
}

/** What the help shows of a setting. */
export function notesOf(name: SettingName): SettingNotes {
  const meta = settings.shape[name].meta();
  return meta as unknown as SettingNotes;
}
