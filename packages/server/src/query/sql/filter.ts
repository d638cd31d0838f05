import type { Filter, Pattern } from "../ast.ts";
import { fieldReference } from "../fields.ts";
import type { Target } from "../target.ts";
import { type Context, fieldCondition } from "./field.ts";
import { hasTokens, messageRegex, type WordConditions, wordConditions } from "./message.ts";
import { createParameters, type Parameters } from "./parameters.ts";

/** A boolean ClickHouse expression and the values that it names. */
export interface SqlFilter {
  readonly sql: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/**
 * A filter as a ClickHouse expression on the columns of `otel_logs` or `otel_traces`. It holds nothing of the
 * user's text: that is all in the parameters. It is never NULL. It belongs into a WHERE: elsewhere, as in
 * `countIf`, ClickHouse doesn't apply the text index's preprocessor, and words would be searched in their own case.
 *
 * @param parameters where the values go; give one when several filters stand in one statement
 *
 * @example
 * const result = parseQuery("service:checkout");
 * result.ok && filterToSql(result.tree); // { sql: "(ServiceName = {q0:String})", parameters: { q0: "checkout" } }
 */
export function filterToSql(
  tree: Filter,
  target: Target = "logs",
  parameters: Parameters = createParameters(),
): SqlFilter {
  return {
    sql: `(${condition(tree, { target, parameters, canHint: true })})`,
    parameters: parameters.values,
  };
}

/**
 * The token of the message that a filter on logs asks for and nothing else, as the text index holds it; undefined for
 * any other filter.
 */
export function onlyToken(tree: Filter): string | undefined {
  const pattern = wordsOf(tree, "logs");
  if (pattern === undefined) return undefined;
  const { tokens, others } = wordConditions(pattern, "logs", createParameters(), false);
  return others.length === 0 && tokens.length === 1 ? tokens[0] : undefined;
}

function condition(node: Filter, context: Context): string {
  const { target, parameters } = context;
  const pattern = wordsOf(node, target);
  if (pattern !== undefined) {
    return allOf([wordConditions(pattern, target, parameters, context.canHint)], [], parameters);
  }
  switch (node.kind) {
    case "regex":
      return messageRegex(node.source, node.ignoreCase, target, parameters);
    case "field":
      return fieldCondition(node, context);
    case "not":
      return `NOT (${condition(node.part, { ...context, canHint: false })})`;
    case "and":
      return and(node.parts, context);
    case "or":
      return node.parts.map((part) => `(${condition(part, context)})`).join(" OR ");
    default:
      return "true";
  }
}

/** Words that must all be there are asked of the index at once: twice as quick as one by one. */
function and(nodes: readonly Filter[], context: Context): string {
  const { target, parameters } = context;
  const words: WordConditions[] = [];
  const others: string[] = [];
  for (const node of nodes) {
    const pattern = wordsOf(node, target);
    if (pattern === undefined) others.push(condition(node, context));
    else words.push(wordConditions(pattern, target, parameters, context.canHint));
  }
  return allOf(words, others, parameters);
}

function allOf(words: readonly WordConditions[], others: readonly string[], parameters: Parameters): string {
  const tokens = [...new Set(words.flatMap((word) => word.tokens))];
  const conditions = words.flatMap((word) => word.others).concat(others);
  if (tokens.length > 0) conditions.unshift(hasTokens(tokens, parameters));
  return conditions.length === 1
    ? (conditions[0] as string)
    : conditions.map((one) => `(${one})`).join(" AND ");
}

/** The word or phrase that a node asks of the message: `card` and `message:card` are the same. */
function wordsOf(node: Filter, target: Target): Pattern | undefined {
  if (node.kind === "text") return node.pattern;
  if (node.kind !== "field" || fieldReference(node.name, target).type !== "message") return undefined;
  const { predicate } = node;
  if (predicate.kind === "pattern") return predicate.pattern;
  return predicate.kind === "equals" && predicate.value !== "" ? { pieces: [predicate.value] } : undefined;
}
