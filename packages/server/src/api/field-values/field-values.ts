import { type FacetsResponse, levelSchema, type Statistics } from "../../contract/index.ts";
import { type FieldReference, fieldReference } from "../../query/index.ts";
import { levelOfSeverity } from "../../record/severity.ts";
import type { Answer, Ask } from "../ask.ts";
import type { LogFilter } from "../filter.ts";
import type { ApiContext } from "../routes.ts";
import type { Window } from "../window.ts";
import {
  COUNTED_VALUES,
  severitiesFromRows,
  type ValuesWanted,
  valuesFromRollup,
  valuesFromRows,
} from "./sql.ts";

type ValueCount = FacetsResponse["facets"][number]["values"][number];

export interface FieldValues {
  /** Commonest first. */
  readonly values: ValueCount[];
  /** True when counts come from hourly sums, or when there were more distinct values than were counted. */
  readonly approximate: boolean;
  readonly isPartial: boolean;
  readonly statistics: Statistics;
}

/** From here on, the hours at the edges of a window, of which only a part was asked, weigh little. */
const LONG_WINDOW = 3 * 3_600_000;

/** The commonest values of a field in the records that match. */
export async function fieldValues(
  { ask, limits }: Pick<ApiContext, "ask" | "limits">,
  name: string,
  window: Window,
  filter: LogFilter,
  wanted: ValuesWanted,
  signal: AbortSignal,
): Promise<FieldValues> {
  const field = fieldReference(name);
  if (field.type === "level")
    return levels(await ask(severitiesFromRows(window, filter, limits), signal), wanted);
  if (field.kind !== "column" && filter.isEverything && window.to - window.from >= LONG_WINDOW) {
    const values = await fromRollup(ask, field, window, wanted, signal);
    if (values !== undefined) return values;
  }
  const answer = await ask(valuesFromRows(field, window, filter, wanted, limits), signal);
  return {
    values: answer.rows.map(valueCount),
    approximate: answer.rowsBeforeLimit >= COUNTED_VALUES,
    ...costOf(answer),
  };
}

/** The values from the hourly sums; undefined when most of the field's values are not kept there. */
async function fromRollup(
  ask: Ask,
  field: FieldReference,
  window: Window,
  wanted: ValuesWanted,
  signal: AbortSignal,
): Promise<FieldValues | undefined> {
  const answer = await ask({ ...valuesFromRollup(field, window, wanted), atLimit: "fail" }, signal);
  const rows = answer.rows.map(valueCount);
  const notKept = rows.find(({ value }) => value === "")?.count ?? 0;
  const values = rows.filter(({ value }) => value !== "").slice(0, wanted.limit);
  const kept = values.reduce((sum, { count }) => sum + count, 0);
  return notKept > kept ? undefined : { values, approximate: true, ...costOf(answer) };
}

function levels(answer: Answer, { limit, prefix }: ValuesWanted): FieldValues {
  const counts = new Map<string, number>();
  for (const [severityNumber, count] of answer.rows) {
    const level = levelOfSeverity(severityNumber as number);
    counts.set(level, (counts.get(level) ?? 0) + Number(count));
  }
  const values = levelSchema.options
    .filter((level) => counts.has(level) && level.startsWith(prefix.toLowerCase()))
    .map((value) => ({ value, count: counts.get(value) ?? 0 }))
    .sort((a, b) => b.count - a.count)
    .slice(0, limit);
  return { values, approximate: false, ...costOf(answer) };
}

function valueCount([value, count]: readonly unknown[]): ValueCount {
  return { value: value as string, count: Number(count) };
}

function costOf({ isPartial, statistics }: Answer): Pick<FieldValues, "isPartial" | "statistics"> {
  return { isPartial, statistics };
}
