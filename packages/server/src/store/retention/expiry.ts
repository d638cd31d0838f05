import type { Retention, RetentionRule } from "../../config/retention-rules.ts";
import { ARRIVED_SQL } from "../id.ts";

/** A table whose rows expire. */
export interface ExpiringTable {
  readonly name: string;
  /** From when the time of a row counts, in SQL. */
  readonly age: string;
  /** What rules can tell the rows by; `follows` keeps its rows as long as any record is kept. */
  readonly kind: "logs" | "spans" | "follows";
}

/**
 * Until when a row is kept counts from its own time or from its arrival, whichever is later. Arrival counts
 * because imported logs are old: with a retention of 30 days, last year's file would otherwise vanish with the
 * next merge. The row's own time counts because rows that another tool inserted may have an id of its own making.
 */
const RECORD_AGE = `greatest(toDateTime(Timestamp), ${ARRIVED_SQL})`;

export const EXPIRING_TABLES: readonly ExpiringTable[] = [
  { name: "otel_logs", age: RECORD_AGE, kind: "logs" },
  { name: "otel_traces", age: RECORD_AGE, kind: "spans" },
  { name: "otel_traces_trace_id_ts", age: "Arrived", kind: "follows" },
  { name: "log_fields", age: "Arrived", kind: "follows" },
];

/** Later than every time of a row; ClickHouse's end in 2106. */
const NEVER = "toDateTime('2106-01-01 00:00:00', 'UTC')";

/**
 * When a row of the table expires, in SQL; undefined for never.
 *
 * With rules, the rows of a day expire together at the end of a day: the part that holds them is then rewritten
 * once for each rule, instead of again and again in the course of the day.
 */
export function expirySql(table: ExpiringTable, retention: Retention): string | undefined {
  const rules = rulesOf(table, retention);
  if (rules.length === 0) {
    const days = table.kind === "follows" ? longestDays(retention) : retention.days;
    return days === 0 ? undefined : `${table.age} + toIntervalDay(${days})`;
  }
  const branches = rules.map((rule) => `${conditionSql(rule)}, ${endOfDay(table.age, rule.days)}`);
  return `multiIf(${branches.join(", ")}, ${endOfDay(table.age, retention.days)})`;
}

/** The rules that rows of the table can fit. */
export function rulesOf(table: ExpiringTable, { rules }: Retention): readonly RetentionRule[] {
  if (table.kind === "follows") return [];
  return table.kind === "logs" ? rules : rules.filter(({ severity }) => severity === null);
}

/** How long the longest kept record is kept, in days; 0 for ever. */
function longestDays({ days, rules }: Retention): number {
  const all = [days, ...rules.map((rule) => rule.days)];
  return all.includes(0) ? 0 : Math.max(...all);
}

function endOfDay(age: string, days: number): string {
  return days === 0 ? NEVER : `toStartOfDay(${age}, 'UTC') + toIntervalDay(${days + 1})`;
}

function conditionSql({ service, severity }: RetentionRule): string {
  const terms: string[] = [];
  if (service !== null) terms.push(`(ServiceName = ${quoted(service)})`);
  if (severity !== null)
    terms.push(`(SeverityNumber >= ${severity.lowest})`, `(SeverityNumber <= ${severity.highest})`);
  return terms.length === 1 ? (terms[0] as string) : `(${terms.join(" AND ")})`;
}

/** A text as a literal of ClickHouse's SQL: a table's definition takes no parameters. */
function quoted(text: string): string {
  return `'${text.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}
