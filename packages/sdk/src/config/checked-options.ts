import type { FormatName } from "../format/format.ts";
import type { RateLimit } from "../limits/rate-limiter.ts";
import type { Problems } from "../problems.ts";
import type { Sink } from "../sinks/sink.ts";
import type { Options, SinkOptions } from "./options.ts";

interface Check {
  isRight(value: unknown): boolean;
  readonly expected: string;
}

const FORMATS = { text: true, json: true, logfmt: true, pretty: true } satisfies Record<FormatName, true>;

const FORMAT: Check = {
  isRight: (value) =>
    typeof value === "function" || (typeof value === "string" && Object.hasOwn(FORMATS, value)),
  expected: `${Object.keys(FORMATS).join(", ")} or a function`,
};

const SAMPLING: Check = {
  isRight: (value) => typeof value === "number" && value >= 0 && value <= 1,
  expected: "a number from 0 to 1",
};

const RATE_LIMIT: Check = {
  isRight(value) {
    const { perSecond } = (value ?? {}) as Partial<RateLimit>;
    return typeof perSecond === "number" && perSecond >= 1;
  },
  expected: "{ perSecond: 1 } or more",
};

/**
 * The options without those that can't be meant so, which are told: what types refuse, untyped code and computed values
 * bring all the same, and it must not come out at a log call. Levels, filters and paths are checked where they are read.
 *
 * @example
 * checkedOptions({ appId: "shop", sampling: Number.NaN }, problems); // { appId: "shop" }
 */
export function checkedOptions(options: Options, problems: Problems): Options {
  const wrong = new Set<string>();
  const check = (place: string, value: unknown, { isRight, expected }: Check): boolean => {
    if (value === undefined || isRight(value)) return true;
    problems.tell(
      "POLYLOG_E_CONFIG",
      place,
      `configure: ${place}: ${shown(value)} was left out: expected ${expected}`,
    );
    return false;
  };
  if (!check("format", options.format, FORMAT)) wrong.add("format");
  if (!check("sampling", options.sampling, SAMPLING)) wrong.add("sampling");
  if (!check("rateLimit", options.rateLimit, RATE_LIMIT)) wrong.add("rateLimit");

  const checkedSink = (name: string, given: Sink | SinkOptions): Sink | SinkOptions => {
    if (!isSinkOptions(given) || check(`sinks.${name}.format`, given.format, FORMAT)) return given;
    return without(given, new Set(["format"]));
  };
  const checked = without(options, wrong);
  if (!options.sinks) return checked;
  const sinks = Object.entries(options.sinks).map(([name, given]) => [name, checkedSink(name, given)]);
  return { ...checked, sinks: Object.fromEntries(sinks) };
}

function isSinkOptions(given: Sink | SinkOptions): given is SinkOptions {
  return typeof given === "object" && given !== null && "sink" in given;
}

/** All else stays, also what is said to be `undefined`: it takes back what was said before. */
function without<T extends object>(given: T, names: ReadonlySet<string>): T {
  return Object.fromEntries(Object.entries(given).filter(([name]) => !names.has(name))) as T;
}

/** For a person: what is short is shown as it is. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return typeof value === "number" || value === null ? String(value) : `this ${typeof value}`;
}
