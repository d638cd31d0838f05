import type { LogRow } from "@polylog/server/contract";
import type { Bound, Filter, Pattern, Predicate } from "@polylog/server/query";
import { fieldValue } from "../src/fields/value.ts";

/** Whether a record matches a query's tree: enough of the language for a mock, by the language's own parser. */
export function matches(row: LogRow, tree: Filter): boolean {
  switch (tree.kind) {
    case "all":
      return true;
    case "and":
      return tree.parts.every((part) => matches(row, part));
    case "or":
      return tree.parts.some((part) => matches(row, part));
    case "not":
      return !matches(row, tree.part);
    case "text":
      return patternOf(tree.pattern, false).test(row.body);
    case "regex":
      return new RegExp(tree.source, tree.ignoreCase ? "i" : "").test(row.body);
    case "field":
      return holds(row, fieldValue(row, tree.name), tree.predicate, tree.name);
  }
}

function patternOf(pattern: Pattern, isWhole: boolean): RegExp {
  const source = pattern.pieces.map((piece) => piece.replace(/[\\^$.*+?()[\]{}|]/g, "\\$&")).join(".*");
  return new RegExp(isWhole ? `^${source}$` : source, "is");
}

function holds(row: LogRow, value: string | undefined, predicate: Predicate, field: string): boolean {
  if (value === undefined || value === "") return false;
  switch (predicate.kind) {
    case "exists":
      return true;
    case "equals":
      return field === "level" ? value === predicate.value.toLowerCase() : value === predicate.value;
    case "pattern":
      return patternOf(predicate.pattern, true).test(value);
    case "regex":
      return new RegExp(predicate.source, predicate.ignoreCase ? "i" : "").test(value);
    case "range": {
      const number = field === "level" ? row.severityNumber : Number(value);
      return isAbove(number, predicate.from) && isBelow(number, predicate.to);
    }
  }
}

function isAbove(value: number, bound: Bound | null): boolean {
  if (bound === null) return true;
  const least =
    bound.operand.kind === "severity"
      ? bound.isInclusive
        ? bound.operand.lowest
        : bound.operand.highest
      : Number(bound.operand.value);
  return bound.isInclusive ? value >= least : value > least;
}

function isBelow(value: number, bound: Bound | null): boolean {
  if (bound === null) return true;
  const most =
    bound.operand.kind === "severity"
      ? bound.isInclusive
        ? bound.operand.highest
        : bound.operand.lowest
      : Number(bound.operand.value);
  return bound.isInclusive ? value <= most : value < most;
}
