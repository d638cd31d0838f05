import type { Tell } from "./tell.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** OpenTelemetry takes an empty value for none. */
export function textOf(environment: Environment, name: string): string | undefined {
  return environment[name]?.trim() || undefined;
}

/** `true` in any case of letters; anything else is false, as the specification wants. */
export function isTrue(environment: Environment, name: string): boolean {
  return textOf(environment, name)?.toLowerCase() === "true";
}

/** The words between commas. */
function listOf(environment: Environment, name: string): string[] | undefined {
  const text = textOf(environment, name);
  return text
    ?.split(",")
    .map((word) => word.trim())
    .filter((word) => word !== "");
}

/** The value when it is one of those known; another is told and counts as not said. */
export function oneOf<Value extends string>(
  known: readonly Value[],
  environment: Environment,
  name: string,
  tell: Tell,
): Value | undefined {
  return knownOf(known, textOf(environment, name), name, tell);
}

/**
 * All values of the list that are known; others are told and left out. A list of which nothing is left counts as not said: a
 * slip of the pen must not turn off what it was to choose from.
 */
export function someOf<Value extends string>(
  known: readonly Value[],
  environment: Environment,
  name: string,
  tell: Tell,
): Value[] | undefined {
  const values = listOf(environment, name)?.flatMap((word) => knownOf(known, word, name, tell) ?? []);
  return values?.length === 0 ? undefined : values;
}

/** A number above zero; anything else is told and counts as not said. */
export function positiveOf(environment: Environment, name: string, tell: Tell): number | undefined {
  const text = textOf(environment, name);
  const value = Number(text);
  if (text === undefined || (Number.isFinite(value) && value > 0))
    return text === undefined ? undefined : value;
  tell("POLYLOG_E_TRACING_CONFIG", `${name}: ${text} was left out: expected a number above 0`);
  return undefined;
}

function knownOf<Value extends string>(
  known: readonly Value[],
  word: string | undefined,
  name: string,
  tell: Tell,
): Value | undefined {
  if (word === undefined) return undefined;
  const value = known.find((value) => value === word.toLowerCase());
  if (value === undefined) {
    tell("POLYLOG_E_TRACING_CONFIG", `${name}: ${word} was left out: expected ${known.join(", ")}`);
  }
  return value;
}
