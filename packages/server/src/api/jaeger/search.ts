import { PolylogError } from "../../errors.ts";
import { quoteField, quoteValue } from "../../query/index.ts";
import type { Window } from "../window.ts";
import type { SearchParameters } from "./schema.ts";

const DEFAULT_LIMIT = 20;
const MOST_TRACES = 1_500;
/** Two days, which is what Jaeger looks back: Grafana names no times, and counts on it. */
const DEFAULT_LOOKBACK = 2 * 86_400_000;

/** A search of Jaeger's in our own terms. */
interface JaegerSearch {
  /** In the query language. */
  readonly query: string;
  readonly window: Window;
  readonly limit: number;
}

/**
 * Reads the parameters of a search.
 *
 * @param now milliseconds since 1970
 * @throws {PolylogError} `POLYLOG_E_BAD_REQUEST` for what can't be read
 */
export function readSearch(parameters: SearchParameters, now: number): JaegerSearch {
  const terms: string[] = [];
  const ask = (field: string, value: string | undefined) => {
    if (value !== undefined && value !== "") terms.push(`${quoteField(field)}:${quoteValue(value)}`);
  };
  ask("service", parameters.service);
  ask("name", parameters.operation === "all" ? "" : parameters.operation);
  for (const [key, value] of tagsOf(parameters)) {
    if (key === "error") terms.push(value === "false" ? "-status:error" : "status:error");
    else ask(FIELDS.get(key) ?? key, value);
  }
  const shortest = nanosecondsOf("minDuration", parameters.minDuration);
  if (shortest !== undefined) terms.push(`duration:>=${shortest}`);
  const longest = nanosecondsOf("maxDuration", parameters.maxDuration);
  if (longest !== undefined) terms.push(`duration:<=${longest}`);
  return { query: terms.join(" "), window: windowOf(parameters, now), limit: limitOf(parameters.limit) };
}

/** Tags that are fields of ours under another name; see `tagsOf` in `trace.ts`. */
const FIELDS: ReadonlyMap<string, string> = new Map([
  ["otel.status_code", "status"],
  ["otel.status_description", "status_message"],
  ["otel.scope.name", "scope"],
  ["otel.library.name", "scope"],
]);

function* tagsOf({ tag, tags }: SearchParameters): Generator<readonly [key: string, value: string]> {
  for (const pair of [tag ?? []].flat()) {
    const colon = pair.indexOf(":");
    if (colon < 1) throw unreadable("tag", pair, "key:value");
    yield [pair.slice(0, colon), pair.slice(colon + 1)];
  }
  for (const text of [tags ?? []].flat()) {
    if (text === "") continue;
    const parsed = parseObject(text);
    if (parsed === undefined) throw unreadable("tags", text, '{"http.method":"GET"}');
    for (const [key, value] of Object.entries(parsed)) {
      if (key !== "") yield [key, typeof value === "string" ? value : JSON.stringify(value)];
    }
  }
}

function parseObject(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null && !Array.isArray(parsed)
      ? (parsed as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

function windowOf({ start, end, lookback }: SearchParameters, now: number): Window {
  const to = Math.ceil(microsecondsOf("end", end) ?? now) + 1;
  const back = nanosecondsOf("lookback", /^\d/.test(lookback ?? "") ? lookback : undefined);
  const length = back === undefined ? DEFAULT_LOOKBACK : Number(back / 1_000_000n);
  const from = Math.floor(microsecondsOf("start", start) ?? to - length);
  if (from >= to) throw unreadable("start", start ?? "", "a time before `end`");
  return { from, to };
}

/** Milliseconds since 1970 of a time in microseconds. */
function microsecondsOf(name: string, text: string | undefined): number | undefined {
  if (text === undefined || text === "") return undefined;
  if (!/^\d{1,18}$/.test(text)) throw unreadable(name, text, "microseconds since 1970");
  return Number(text) / 1000;
}

const UNITS: Readonly<Record<string, number>> = {
  ns: 1,
  us: 1e3,
  µs: 1e3,
  μs: 1e3,
  ms: 1e6,
  s: 1e9,
  m: 60e9,
  h: 3600e9,
  d: 86_400e9,
};
const LENGTH = /(\d{1,15}(?:\.\d{1,9})?)(ns|us|µs|μs|ms|s|m|h|d)/g;

/** Nanoseconds of a length of time as Go writes it: `1.2s`, `1m30s`. */
function nanosecondsOf(name: string, text: string | undefined): bigint | undefined {
  if (text === undefined || text === "") return undefined;
  const parts = [...text.matchAll(LENGTH)];
  if (parts.length === 0 || parts.map(([part]) => part).join("") !== text) {
    throw unreadable(name, text, "a length of time such as 1.2s or 100ms");
  }
  const sum = parts.reduce(
    (total, [, count = "0", unit = ""]) => total + Number(count) * (UNITS[unit] ?? 0),
    0,
  );
  return BigInt(Math.min(Math.round(sum), Number.MAX_SAFE_INTEGER));
}

function limitOf(text: string | undefined): number {
  if (text === undefined || text === "") return DEFAULT_LIMIT;
  if (!/^\d+$/.test(text)) throw unreadable("limit", text, "a whole number");
  return Math.max(1, Math.min(Number(text), MOST_TRACES));
}

function unreadable(name: string, text: string, expected: string): PolylogError {
  return new PolylogError(
    "POLYLOG_E_BAD_REQUEST",
    `\`${name}\` can't be read: ${JSON.stringify(text.slice(0, 100))}.`,
    {
      remedy: `Write ${expected}.`,
    },
  );
}
