import { levelSchema } from "../../contract/index.ts";
import type { FieldReference } from "../../query/index.ts";
import { levelOfSeverity } from "../../record/severity.ts";
import { countQuestion, keyOfSet } from "../count-question.ts";
import type { RecordFilter } from "../filter.ts";
import type { ApiContext } from "../routes.ts";
import type { Window } from "../window.ts";
import { costOf, type FieldValues, VALUES_TIMEOUT, type ValueCount } from "./values.ts";

/** Severity numbers, of which several are one level. */
const SEVERITIES = 256;

/**
 * Whether a field is a column of few distinct values: a byte a record, so that several are counted together in one
 * go over the records that match.
 */
export function isSmallColumn(field: FieldReference): boolean {
  return field.type === "level" || SMALL_COLUMNS.has(field.column);
}
const SMALL_COLUMNS = new Set([
  "ServiceName",
  "ScopeName",
  "Host",
  "Runtime",
  "Receiver",
  "EventName",
  "SeverityText",
  "SpanName",
  "SpanKind",
  "StatusCode",
]);

/** The commonest values of some columns, in the order of the fields. The filter is evaluated once for all of them. */
export async function columnValues(
  { ask, limits }: Pick<ApiContext, "ask" | "limits">,
  fields: readonly FieldReference[],
  window: Window,
  filter: RecordFilter,
  limit: number,
  signal: AbortSignal,
): Promise<FieldValues[]> {
  const keys = fields.map(({ column }, index) => ({ sql: column, name: `Key${index}` }));
  const question = countQuestion(
    {
      window,
      condition: filter,
      keys,
      isByEachKey: true,
      suffix: `ORDER BY Records DESC, ${keys.map(({ name }) => name).join(", ")}\nLIMIT {limit:UInt32} BY KeySet`,
      timeout: VALUES_TIMEOUT,
    },
    limits,
  );
  // One more for the records without a value, which are left out.
  const most = fields.some(({ type }) => type === "level") ? Math.max(SEVERITIES, limit + 1) : limit + 1;
  const answer = await ask({ ...question, parameters: { ...question.parameters, limit: most } }, signal);
  return fields.map((field, index) => {
    const counts = answer.rows
      .filter((row) => keyOfSet(row[fields.length], fields.length) === index)
      .map((row) => ({ value: row[index], count: Number(row[fields.length + 1]) }));
    const values = field.type === "level" ? levelsOf(counts) : (counts as ValueCount[]);
    return {
      values: values.filter(({ value }) => value !== "").slice(0, limit),
      approximate: false,
      ...costOf(answer),
    };
  });
}

/** Levels by how many records they have; of equally many, the lower first. */
function levelsOf(severities: readonly { readonly value: unknown; readonly count: number }[]): ValueCount[] {
  return levelSchema.options
    .map((level) => ({
      value: level,
      count: severities
        .filter(({ value }) => levelOfSeverity(Number(value)) === level)
        .reduce((sum, { count }) => sum + count, 0),
    }))
    .filter(({ count }) => count > 0)
    .sort((a, b) => b.count - a.count);
}
