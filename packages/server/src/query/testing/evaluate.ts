import type { Bound, FieldTerm, Filter, Pattern, Predicate } from "../ast.ts";
import type { TestRecord } from "./record.ts";

/**
 * What a filter means, told a second time and as plainly as can be: the SQL must find the same records. It
 * knows nothing of indexes, and shares with the SQL only the tree.
 */
export function matches(tree: Filter, record: TestRecord): boolean {
  switch (tree.kind) {
    case "all":
      return true;
    case "text":
      return hasWords(record.body, tree.pattern);
    case "regex":
      return regexMatches(record.body, tree);
    case "field":
      return fieldMatches(tree, record);
    case "and":
      return tree.parts.every((part) => matches(part, record));
    case "or":
      return tree.parts.some((part) => matches(part, record));
    case "not":
      return !matches(tree.part, record);
  }
}

function fieldMatches({ name, predicate }: FieldTerm, record: TestRecord): boolean {
  switch (name) {
    case "level":
      return levelMatches(record.severityNumber, predicate);
    case "message":
      if (predicate.kind === "equals" && predicate.value !== "") {
        return hasWords(record.body, { pieces: [predicate.value] });
      }
      if (predicate.kind === "pattern") return hasWords(record.body, predicate.pattern);
      if (predicate.kind === "regex") return regexMatches(record.body, predicate);
      return textMatches(record.body, predicate);
    case "logger":
      if (predicate.kind === "equals" && predicate.value !== "") {
        const prefixes = [".", ":", "/"].map((separator) => predicate.value + separator);
        return (
          record.logger === predicate.value || prefixes.some((prefix) => record.logger.startsWith(prefix))
        );
      }
      return textMatches(record.logger, predicate);
    case "service":
    case "host":
      return textMatches(record[name], predicate);
    default:
      return textMatches(attributeOf(name, record), predicate);
  }
}

function attributeOf(name: string, { attributes, resource, scope }: TestRecord): string {
  const own = (map: Readonly<Record<string, string>>, key: string) =>
    Object.hasOwn(map, key) ? map[key] : "";
  if (name.startsWith("attributes.")) return own(attributes, name.slice("attributes.".length)) ?? "";
  if (name.startsWith("resource.")) return own(resource, name.slice("resource.".length)) ?? "";
  if (name.startsWith("scope.")) return own(scope, name.slice("scope.".length)) ?? "";
  return own(attributes, name) || own(resource, name) || own(scope, name) || "";
}

function textMatches(value: string, predicate: Predicate): boolean {
  switch (predicate.kind) {
    case "equals":
      return value === predicate.value;
    case "exists":
      return value !== "";
    case "pattern": {
      const source = predicate.pattern.pieces.map(escaped).join(".*");
      return new RegExp(`^${source}$`, "us").test(value);
    }
    case "regex":
      return value !== "" && regexMatches(value, predicate);
    case "range": {
      const number = numberOf(value);
      return number !== null && isAbove(number, predicate.from) && isBelow(number, predicate.to);
    }
  }
}

/** A number as ClickHouse's toFloat64OrNull reads it. */
function numberOf(value: string): number | null {
  const word = /^([+-]?)(inf|infinity|nan)$/i.exec(value);
  if (word !== null) {
    if (word[2]?.toLowerCase() === "nan") return Number.NaN;
    return word[1] === "-" ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  }
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(value) ? Number(value) : null;
}

function isAbove(number: number, bound: Bound | null): boolean {
  if (bound === null) return true;
  const operand = "value" in bound.operand ? Number(bound.operand.value) : Number.NaN;
  return bound.isInclusive ? number >= operand : number > operand;
}

function isBelow(number: number, bound: Bound | null): boolean {
  if (bound === null) return true;
  const operand = "value" in bound.operand ? Number(bound.operand.value) : Number.NaN;
  return bound.isInclusive ? number <= operand : number < operand;
}

const LEVEL_OF: Readonly<Record<string, number>> = {
  trace: 1,
  debug: 5,
  info: 9,
  warn: 13,
  error: 17,
  fatal: 21,
};

function levelMatches(severity: number, predicate: Predicate): boolean {
  const isSet = severity >= 1 && severity <= 24;
  if (predicate.kind === "equals") {
    if (predicate.value === "unset") return !isSet;
    const lowest = LEVEL_OF[predicate.value] ?? Number.NaN;
    return severity >= lowest && severity <= lowest + 3;
  }
  if (predicate.kind !== "range") return isSet;
  const { from, to } = predicate;
  if (from?.operand.kind === "severity") {
    if (from.isInclusive ? severity < from.operand.lowest : severity <= from.operand.highest) return false;
  }
  if (to?.operand.kind === "severity") {
    if (to.isInclusive ? severity > to.operand.highest : severity >= to.operand.lowest) return false;
  }
  return isSet;
}

/** Whether the message has the words: tried at every place, with every length of every star. */
function hasWords(message: string, pattern: Pattern): boolean {
  const text = message.toLowerCase();
  const pieces = pattern.pieces.map((piece) => piece.toLowerCase());
  for (let start = 0; start <= text.length; start++) {
    if (isToken(pieces[0]?.[0]) && isToken(text[start - 1])) continue;
    if (follows(text, start, pieces, 0)) return true;
  }
  return false;
}

/** Whether the pieces from `index` on stand at `at`, each star before the next being text without blanks. */
function follows(text: string, at: number, pieces: readonly string[], index: number): boolean {
  const piece = pieces[index] as string;
  if (!text.startsWith(piece, at)) return false;
  const end = at + piece.length;
  if (index === pieces.length - 1) return !(isToken(piece.at(-1)) && isToken(text[end]));
  if (index === 0 && piece === "") return startsAnywhere(text, end, pieces);
  for (let next = end; next <= text.length; next++) {
    if (follows(text, next, pieces, index + 1)) return true;
    if (/[\t\n\f\r ]/.test(text[next] ?? " ")) return false;
  }
  return false;
}

/** A star at the beginning only lifts the boundary: it takes up no text. */
function startsAnywhere(text: string, at: number, pieces: readonly string[]): boolean {
  return follows(text, at, pieces, 1);
}

function regexMatches(
  text: string,
  { source, ignoreCase }: { source: string; ignoreCase: boolean },
): boolean {
  return new RegExp(source, ignoreCase ? "ius" : "us").test(text);
}

function isToken(character: string | undefined): boolean {
  return character !== undefined && character !== "" && /[0-9a-z\u0080-\uffff]/i.test(character);
}

function escaped(text: string): string {
  return text.replace(/[\\^$.|?*+()[\]{}/]/g, "\\$&");
}
