import type { FieldTerm, Filter, Predicate, Target } from "./ast.ts";
import { attributeValue, type FieldReference, fieldReference, mapColumn, type Place } from "./fields.ts";
import { severitiesOf } from "./level.ts";
import { messageMatches, messageRegex } from "./message.ts";
import type { Operand } from "./operand.ts";
import { createParameters, type Parameters } from "./parameters.ts";
import { patternRegex, sqlRegex } from "./pattern.ts";

/** A boolean ClickHouse expression and the values that it names. */
export interface SqlFilter {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * A filter as a ClickHouse expression on the columns of `otel_logs` or `otel_traces`. It holds nothing of the
 * user's text: that is all in the parameters. It is never NULL.
 *
 * @param parameters where to put the values when the statement has others
 *
 * @example
 * const result = parseQuery("service:checkout");
 * if (result.ok) filterToSql(result.tree, "logs"); // { sql: "(ServiceName = {q0:String})", parameters: { q0: "checkout" } }
 */
export function filterToSql(
  tree: Filter,
  target: Target = "logs",
  parameters: Parameters = createParameters(),
): SqlFilter {
  return { sql: condition(tree, target, parameters), parameters: parameters.values };
}

function condition(node: Filter, target: Target, parameters: Parameters): string {
  switch (node.kind) {
    case "all":
      return "true";
    case "text":
      return messageMatches(node.pattern, target, parameters);
    case "regex":
      return messageRegex(node.source, node.ignoreCase, target, parameters);
    case "field":
      return fieldCondition(node, target, parameters);
    case "not":
      return `(NOT ${condition(node.part, target, parameters)})`;
    case "and":
    case "or":
      return `(${node.parts.map((part) => condition(part, target, parameters)).join(node.kind === "and" ? " AND " : " OR ")})`;
  }
}

function fieldCondition(term: FieldTerm, target: Target, parameters: Parameters): string {
  const field = fieldReference(term.name, target);
  const { predicate } = term;
  if (field.kind !== "column") return attributeCondition(field, predicate, target, parameters);
  const { column } = field;
  switch (field.type) {
    case "level":
      return levelCondition(column, predicate, parameters);
    case "message":
      switch (predicate.kind) {
        case "equals":
          return messageMatches({ pieces: [predicate.value] }, target, parameters);
        case "pattern":
          return messageMatches(predicate.pattern, target, parameters);
        case "regex":
          return messageRegex(predicate.source, predicate.ignoreCase, target, parameters);
        default:
          return `(${column} != '')`;
      }
    case "logger":
      if (predicate.kind === "equals" && predicate.value !== "") {
        const value = parameters.add(predicate.value, "String");
        const below = parameters.add(`^${escapedPrefix(predicate.value)}[.:/]`, "String");
        return `(${column} = ${value} OR match(${column}, ${below}))`;
      }
      return textCondition(column, predicate, parameters);
    case "hex":
      return textCondition(column, lowerCase(predicate), parameters);
    case "choice":
      return textCondition(`lower(${column})`, lowerCase(predicate), parameters);
    case "list":
      return predicate.kind === "exists"
        ? `notEmpty(${column})`
        : `arrayExists(element -> ${textCondition("element", predicate, parameters)}, ${column})`;
    case "integer":
    case "nanoseconds":
    case "instant":
      return predicate.kind === "range" ? rangeCondition(column, predicate, parameters) : "true";
    default:
      return textCondition(column, predicate, parameters);
  }
}

function escapedPrefix(value: string): string {
  return sqlRegex.escape(value);
}

function lowerCase(predicate: Predicate): Predicate {
  if (predicate.kind === "equals") return { kind: "equals", value: predicate.value.toLowerCase() };
  if (predicate.kind === "regex") return { ...predicate, ignoreCase: true };
  if (predicate.kind !== "pattern") return predicate;
  return {
    kind: "pattern",
    pattern: { pieces: predicate.pattern.pieces.map((piece) => piece.toLowerCase()) },
  };
}

/** A condition on an expression that is a String; the empty text counts as not there. */
function textCondition(value: string, predicate: Predicate, parameters: Parameters): string {
  switch (predicate.kind) {
    case "equals":
      return `(${value} = ${parameters.add(predicate.value, "String")})`;
    case "pattern":
      return `match(${value}, ${parameters.add(patternRegex(predicate.pattern), "String")})`;
    case "regex":
      return `match(${value}, ${parameters.add(sqlRegex.of(predicate.source, predicate.ignoreCase), "String")})`;
    case "exists":
      return `(${value} != '')`;
    case "range":
      return numberCondition(value, predicate, parameters);
  }
}

function attributeCondition(
  field: FieldReference,
  predicate: Predicate,
  target: Target,
  parameters: Parameters,
): string {
  const key = parameters.add(field.key, "String");
  const maps = field.places.map((place: Place) => mapColumn(place, target));
  const exists = `(${maps.map((map) => `mapContains(${map}, ${key})`).join(" OR ")})`;
  if (predicate.kind === "exists") return exists;
  const value = attributeValue(field.places, key, target);
  if (predicate.kind === "range") return numberCondition(value, predicate, parameters);
  return `(${exists} AND ${textCondition(value, predicate, parameters)})`;
}

/** Attributes are text: what is no number compares as false, not as NULL, so that NOT keeps it. */
function numberCondition(
  value: string,
  predicate: Extract<Predicate, { kind: "range" }>,
  parameters: Parameters,
): string {
  return `ifNull(${rangeCondition(`toFloat64OrNull(${value})`, predicate, parameters)}, false)`;
}

function rangeCondition(
  value: string,
  predicate: Extract<Predicate, { kind: "range" }>,
  parameters: Parameters,
): string {
  const { from, to } = predicate;
  const conditions: string[] = [];
  if (from !== null)
    conditions.push(`${value} ${from.isInclusive ? ">=" : ">"} ${operandSql(from.operand, parameters)}`);
  if (to !== null)
    conditions.push(`${value} ${to.isInclusive ? "<=" : "<"} ${operandSql(to.operand, parameters)}`);
  return `(${conditions.join(" AND ")})`;
}

function operandSql(operand: Operand, parameters: Parameters): string {
  switch (operand.kind) {
    case "number":
      return parameters.add(operand.value, "Float64");
    case "integer":
      return parameters.add(operand.value.toString(), "UInt64");
    case "instant":
      return `fromUnixTimestamp64Nano(${parameters.add(operand.value.toString(), "Int64")})`;
    case "severity":
      return parameters.add(operand.lowest, "UInt8");
  }
}

function levelCondition(column: string, predicate: Predicate, parameters: Parameters): string {
  let lowest = 1;
  let highest = 24;
  if (predicate.kind === "equals") {
    const severities = severitiesOf(predicate.value) ?? { lowest: 0, highest: 0 };
    if (severities.highest === 0) return `(${column} NOT BETWEEN 1 AND 24)`;
    ({ lowest, highest } = severities);
  } else if (predicate.kind === "range") {
    const { from, to } = predicate;
    if (from?.operand.kind === "severity")
      lowest = from.isInclusive ? from.operand.lowest : from.operand.highest + 1;
    if (to?.operand.kind === "severity")
      highest = to.isInclusive ? to.operand.highest : to.operand.lowest - 1;
  }
  return `(${column} BETWEEN ${parameters.add(lowest, "UInt8")} AND ${parameters.add(highest, "UInt8")})`;
}
