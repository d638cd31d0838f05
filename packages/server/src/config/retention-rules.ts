import { type FieldTerm, type Filter, parseQuery } from "../query/index.ts";
import { severitiesOf } from "../query/level.ts";
import { lengthOf } from "../query/time/length.ts";

/** How long some records are kept: those of a service, of a level, or of both. */
export interface RetentionRule {
  /** As it was written, for people: `service:audit level:>=warn`. */
  readonly text: string;
  readonly service: string | null;
  /** Severity numbers, both inclusive. Spans have none: a rule with one is not about them. */
  readonly severity: { readonly lowest: number; readonly highest: number } | null;
  /** Whole days; 0 for ever. */
  readonly days: number;
}

/** For how long records are kept. */
export interface Retention {
  /** Whole days, for what no rule is about; 0 for ever. */
  readonly days: number;
  /** The first that fits a record holds for it. */
  readonly rules: readonly RetentionRule[];
}

/** The longest time, in days: ClickHouse's times of 32 bits end in 2106. */
export const MAX_RETENTION_DAYS = 3650;
/** Every row is checked against every rule when parts are merged. */
export const MAX_RETENTION_RULES = 50;

const DAY = 86_400_000;

/** What a rule has to look like, for people. */
export const RULE_FORM =
  "rules like `level:<=debug 3d` or `service:audit level:>=warn 1000d`: `service:NAME`, `level:…` or both, then days or `forever`";

/**
 * Reads one rule: terms of the query language, then for how long.
 *
 * @returns undefined when it is none
 * @example
 * parseRetentionRule("service:audit 400d"); // { service: "audit", severity: null, days: 400, … }
 */
export function parseRetentionRule(text: string): RetentionRule | undefined {
  const [, filter, length] = /^(.*\S)\s+(\S+)$/.exec(text.trim()) ?? [];
  if (filter === undefined || length === undefined || text.length > 1000) return undefined;
  const days = length === "forever" ? 0 : (lengthOf(length.toLowerCase()) ?? 0) / DAY;
  if (!Number.isInteger(days) || days > MAX_RETENTION_DAYS) return undefined;
  if (days === 0 && length !== "forever") return undefined;
  const parsed = parseQuery(filter);
  if (!parsed.ok) return undefined;
  let service: string | null = null;
  let severity: RetentionRule["severity"] = null;
  for (const term of termsOf(parsed.tree)) {
    if (term.kind !== "field") return undefined;
    const levels = term.name === "level" ? severityOf(term) : undefined;
    if (levels !== undefined && severity === null) severity = levels;
    else if (term.name === "service" && term.predicate.kind === "equals" && service === null)
      service = term.predicate.value;
    else return undefined;
  }
  return { text: filter, service, severity, days };
}

function termsOf(tree: Filter): readonly Filter[] {
  return tree.kind === "and" ? tree.parts : [tree];
}

/** The severities that a term on `level` means; undefined when they are not one range. */
function severityOf({ predicate }: FieldTerm): RetentionRule["severity"] | undefined {
  if (predicate.kind === "equals") return severitiesOf(predicate.value);
  if (predicate.kind !== "range") return undefined;
  let [lowest, highest] = [1, 24];
  if (predicate.from?.operand.kind === "severity") {
    const { operand, isInclusive } = predicate.from;
    lowest = isInclusive ? operand.lowest : operand.highest + 1;
  }
  if (predicate.to?.operand.kind === "severity") {
    const { operand, isInclusive } = predicate.to;
    highest = isInclusive ? operand.highest : operand.lowest - 1;
  }
  return lowest <= highest ? { lowest, highest } : undefined;
}
