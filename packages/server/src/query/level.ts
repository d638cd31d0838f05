import { nearest } from "../nearest.ts";
import { LEVEL_NUMBER, LEVELS, levelOfSeverity, severityOfWord } from "../record/severity.ts";
import { QueryFailure, shown } from "./error.ts";
import type { Range } from "./range.ts";

/** Severity numbers, both inclusive. `unset` is 0 to 0. */
export interface Severities {
  readonly lowest: number;
  readonly highest: number;
}

/** Words that are offered, and understood, for a level. */
export const LEVEL_NAMES = [...LEVELS, "unset"] as const;

/**
 * The severity numbers that a level's name, a program's word for it, or a number means. A name means the whole
 * level; a word between the levels, like `notice`, means its own number.
 *
 * @example
 * severitiesOf("warning"); // { lowest: 13, highest: 16 }
 * severitiesOf("notice"); // { lowest: 10, highest: 10 }
 */
export function severitiesOf(text: string): Severities | undefined {
  if (/^\d{1,2}$/.test(text)) {
    const number = Number(text);
    return number <= 24 ? { lowest: number, highest: number } : undefined;
  }
  const word = text.toLowerCase();
  if (word === "unset" || word === "unknown") return { lowest: 0, highest: 0 };
  const number = severityOfWord(word);
  if (number === 0) return undefined;
  const level = levelOfSeverity(number);
  const isBase = level !== "unset" && LEVEL_NUMBER[level] === number;
  return { lowest: number, highest: isBase ? number + 3 : number };
}

/** The error for a word that names no level, with the near one. */
export function unknownLevel(text: string, range: Range): QueryFailure {
  const near = nearest(text, [...LEVEL_NAMES, "warning", "critical"]);
  return new QueryFailure(
    near === undefined
      ? `There is no level \`${shown(text)}\`; levels are ${LEVEL_NAMES.join(", ")} and the numbers 0 to 24`
      : `There is no level \`${shown(text)}\`; did you mean \`${near}\`?`,
    range,
    near === undefined ? LEVEL_NAMES : [near],
  );
}
