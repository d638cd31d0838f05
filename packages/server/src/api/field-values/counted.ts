import { createParameters, type FieldReference } from "../../query/index.ts";
import { countQuestion } from "../count-question.ts";
import type { RecordFilter } from "../filter.ts";
import type { ApiContext } from "../routes.ts";
import type { Window } from "../window.ts";
import {
  beginsWithPrefix,
  COUNTED_VALUES,
  costOf,
  type FieldValues,
  GROUP_SETTINGS,
  VALUES_TIMEOUT,
  type ValuesWanted,
  valueCount,
} from "./values.ts";

/** The commonest values of a field, counted in all records that match. */
export async function countedValues(
  { ask, limits }: Pick<ApiContext, "ask" | "limits">,
  field: FieldReference,
  window: Window,
  filter: RecordFilter,
  { limit, prefix }: ValuesWanted,
  signal: AbortSignal,
): Promise<FieldValues> {
  const own = createParameters("f");
  const value = field.sql(own);
  const conditions = [`(${filter.sql})`, `notEmpty(${value})`];
  if (prefix !== "") conditions.push(beginsWithPrefix(value));
  const question = countQuestion(
    {
      window,
      condition: { ...filter, sql: conditions.join(" AND ") },
      keys: [{ sql: value, name: "Value" }],
      suffix: "ORDER BY Records DESC, Value\nLIMIT {limit:UInt32}",
      timeout: VALUES_TIMEOUT,
    },
    limits,
  );
  const answer = await ask(
    {
      ...question,
      parameters: { ...question.parameters, ...own.values, limit, prefix },
      settings: { ...question.settings, ...GROUP_SETTINGS },
    },
    signal,
  );
  return {
    values: answer.rows.map(valueCount),
    approximate: answer.rowsBeforeLimit >= COUNTED_VALUES,
    ...costOf(answer),
  };
}
