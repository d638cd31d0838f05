import { FORMAT_NAMES } from "../format/format.ts";
import type { Problems } from "../problems.ts";
import { isSink, type Sink } from "../sinks/sink.ts";
import type { LoggerOptions, Options, SinkOptions } from "./options.ts";

interface Check {
  isRight(value: unknown): boolean;
  readonly expected: string;
}

type Checks<T = Record<string, unknown>> = Readonly<Record<keyof T, Check>>;
type Fields = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Fields => typeof value === "object" && value !== null;
const isTexts = (value: unknown): boolean =>
  Array.isArray(value) && value.every((text) => typeof text === "string");

const ofType = (type: string, expected: string): Check => ({
  isRight: (value) => typeof value === type,
  expected,
});
const TEXT = ofType("string", "text");
const FLAG = ofType("boolean", "true or false");
const OBJECT: Check = { isRight: isObject, expected: "an object" };
const TEXTS: Check = { isRight: isTexts, expected: "a list of texts" };
const LEVEL: Check = {
  isRight: (value) => typeof value === "string" || typeof value === "number",
  expected: "a level",
};
const FORMAT: Check = {
  isRight: (value) => typeof value === "function" || FORMAT_NAMES.some((name) => name === value),
  expected: `${FORMAT_NAMES.join(", ")} or a function`,
};
const SINK: Check = {
  isRight: (value) => isSink(value) || (isObject(value) && isSink(value.sink)),
  expected: "a sink or { sink, level, format }",
};

/** All options there are. Names of levels, filters and paths are read, and told of, where they are used. */
const OPTIONS: Checks<Options> = {
  level: LEVEL,
  filter: TEXT,
  format: FORMAT,
  colors: {
    isRight: (value) => value === "auto" || typeof value === "boolean",
    expected: "true, false or auto",
  },
  compactContext: FLAG,
  appId: TEXT,
  sinks: OBJECT,
  loggers: OBJECT,
  globalMetadata: {
    isRight: (value) => isObject(value) || typeof value === "function",
    expected: "an object or a function",
  },
  redact: {
    isRight: (value) => isTexts(value) || (isObject(value) && isTexts(value.keys)),
    expected: '["password"] or { keys: ["password"] }',
  },
  sampling: {
    isRight: (value) => typeof value === "number" && value >= 0 && value <= 1,
    expected: "a number from 0 to 1",
  },
  rateLimit: {
    isRight: (value) => isObject(value) && typeof value.perSecond === "number" && value.perSecond >= 1,
    expected: "{ perSecond: 1 } or more",
  },
  sourceLocation: FLAG,
};
const SINK_OPTIONS: Checks<SinkOptions> = { sink: SINK, level: LEVEL, format: FORMAT };
const LOGGER_OPTIONS: Checks<LoggerOptions> = { level: LEVEL, sinks: TEXTS };

/**
 * The options without those that can't be meant so, which are told: what types refuse, untyped code and computed values
 * bring all the same, and it must not come out at a log call.
 *
 * @example
 * checkedOptions({ appId: "shop", sampling: Number.NaN }, problems); // { appId: "shop" }
 */
export function checkedOptions(options: Options, problems: Problems): Options {
  const tell = (place: string, message: string) =>
    problems.tell("POLYLOG_E_CONFIG", place, `configure: ${place}: ${message}`);

  function suits(place: string, value: unknown, { isRight, expected }: Check): boolean {
    if (isRight(value)) return true;
    tell(place, `${shown(value)} was left out: expected ${expected}`);
    return false;
  }

  /** All that is right stays, also what is said to be `undefined`: it takes back what was said before. */
  function right<T extends object>(given: T, checks: Checks, above = ""): T {
    const entries = Object.entries(given);
    const kept = entries.filter(([name, value]) => {
      const check = Object.hasOwn(checks, name) ? checks[name] : undefined;
      if (check !== undefined) return value === undefined || suits(above + name, value, check);
      tell(above + name, `there is no such option; there are ${Object.keys(checks).join(", ")}`);
      return false;
    });
    return kept.length === entries.length ? given : (Object.fromEntries(kept) as T);
  }

  /** Those of a list by names that are right, each without what is wrong of it. */
  function rightOf<T extends Sink | SinkOptions | LoggerOptions>(
    list: "sinks" | "loggers",
    given: Readonly<Record<string, T>>,
    check: Check,
    checks: Checks,
  ): Record<string, T> {
    const names = Object.keys(given).filter((name) => suits(`${list}.${name}`, given[name], check));
    const entries = names.map((name): [string, T] => {
      const one = given[name]!;
      return [name, isSink(one) ? one : right(one, checks, `${list}.${name}.`)];
    });
    return Object.fromEntries(entries);
  }

  const checked: { -readonly [Name in keyof Options]: Options[Name] } = { ...right(options, OPTIONS) };
  const { sinks, loggers } = checked;
  if (loggers) checked.loggers = rightOf("loggers", loggers, OBJECT, LOGGER_OPTIONS);
  if (sinks) {
    checked.sinks = rightOf("sinks", sinks, SINK, SINK_OPTIONS);
    // Nothing of what was wanted is left: all goes on to where it went.
    if (isEmpty(checked.sinks) && !isEmpty(sinks)) delete checked.sinks;
  }
  return checked;
}

const isEmpty = (given: object): boolean => Object.keys(given).length === 0;

/** For a person: what is short is shown as it is. */
function shown(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value.slice(0, 40));
  return (typeof value === "object" && value !== null) || typeof value === "function"
    ? `this ${typeof value}`
    : String(value);
}
