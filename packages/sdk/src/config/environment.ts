import { FORMAT_NAMES, type FormatName } from "../format/format.ts";
import { type Threshold, toThreshold } from "../logger/level.ts";
import type { Problems } from "../problems.ts";

/** What the environment says; what it doesn't say is `undefined`. */
export interface EnvironmentOptions {
  readonly level: Threshold | undefined;
  readonly filter: string | undefined;
  readonly filterFile: string | undefined;
  readonly format: FormatName | undefined;
  readonly stream: "stdout" | "stderr" | undefined;
  readonly colors: boolean | undefined;
  readonly compactContext: boolean | undefined;
  readonly file: string | undefined;
  readonly appId: string | undefined;
  readonly endpoint: string | undefined;
  readonly apiKey: string | undefined;
  readonly environment: string | undefined;
}

type Variables = Readonly<Record<string, string | undefined>>;

const STREAMS = ["stdout", "stderr"] as const;
const YES = ["1", "true", "yes", "on", "always"];
const NO = ["0", "false", "no", "off", "never"];

/** Reads the `POLYLOG_` variables. What can't be read is told, and counts as not said. */
export function readEnvironment(variables: Variables, problems: Problems): EnvironmentOptions {
  const text = (name: string) => variables[`POLYLOG_${name}`]?.trim() || undefined;

  function read<Value>(
    name: string,
    parse: (text: string) => Value | undefined,
    expected: string,
  ): Value | undefined {
    const given = text(name);
    if (given === undefined) return undefined;
    const value = parse(given);
    if (value !== undefined) return value;
    const variable = `POLYLOG_${name}`;
    problems.tell("POLYLOG_E_CONFIG", variable, `${variable}=${given} was left out: expected ${expected}`);
    return undefined;
  }
  const choice = <Value extends string>(name: string, values: readonly Value[]) =>
    read(name, (given) => values.find((value) => value === given.toLowerCase()), values.join(", "));
  const flag = (name: string) =>
    read(
      name,
      (given) => {
        const word = given.toLowerCase();
        if (YES.includes(word)) return true;
        return NO.includes(word) ? false : undefined;
      },
      "true or false",
    );

  const isAutomatic = text("COLORS")?.toLowerCase() === "auto";
  return {
    level: read("LEVEL", toThreshold, "trace, debug, info, warn, error, fatal or off"),
    filter: text("FILTER"),
    filterFile: text("FILTER_FILE"),
    format: choice("FORMAT", FORMAT_NAMES),
    stream: choice("STREAM", STREAMS),
    colors: isAutomatic ? undefined : flag("COLORS"),
    compactContext: flag("COMPACT_CONTEXT"),
    file: text("FILE"),
    appId: text("APP_ID"),
    endpoint: text("ENDPOINT"),
    apiKey: text("API_KEY"),
    environment: text("ENVIRONMENT"),
  };
}
