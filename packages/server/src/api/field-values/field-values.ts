import { type FieldReference, fieldReference } from "../../query/index.ts";
import type { RecordFilter } from "../filter.ts";
import type { ApiContext } from "../routes.ts";
import type { Window } from "../window.ts";
import { columnValues, isSmallColumn } from "./columns.ts";
import { countedValues } from "./counted.ts";
import { rollupValues } from "./rollup.ts";
import { sampledValues } from "./sampled.ts";
import type { FieldValues, ValuesWanted } from "./values.ts";

/** From here on, in milliseconds, the hours at the edges of a window, of which only a part was asked, weigh little. */
const LONG_WINDOW = 3 * 3_600_000;

/** More than there are. */
const LEVELS = 10;

type Asker = Pick<ApiContext, "ask" | "limits">;

/** The commonest values of a field in the records that match. */
export async function fieldValues(
  asker: Asker,
  field: FieldReference,
  window: Window,
  filter: RecordFilter,
  wanted: ValuesWanted,
  signal: AbortSignal,
): Promise<FieldValues> {
  if (field.type === "level") return levels(asker, field, window, filter, wanted, signal);
  if (isSmallColumn(field)) return countedValues(asker, field, window, filter, wanted, signal);
  return (
    (await shortcut(asker, field, window, filter, wanted, signal)) ??
    countedValues(asker, field, window, filter, wanted, signal)
  );
}

/** The values of a field that is slow to read in a quicker way than reading it, where there is one. */
async function shortcut(
  asker: Asker,
  field: FieldReference,
  window: Window,
  filter: RecordFilter,
  wanted: ValuesWanted,
  signal: AbortSignal,
): Promise<FieldValues | undefined> {
  const isLong = window.to - window.from >= LONG_WINDOW;
  // The hourly sums are of logs alone.
  if (filter.target === "logs" && field.kind !== "column" && filter.isEverything && isLong) {
    const values = await rollupValues(asker.ask, field, window, wanted, signal);
    if (values !== undefined) return values;
  }
  // Who asks for a prefix looks for one value, which a sample may not have.
  return wanted.prefix === "" ? sampledValues(asker, field, window, filter, wanted, signal) : undefined;
}

async function levels(
  asker: Asker,
  field: FieldReference,
  window: Window,
  filter: RecordFilter,
  { limit, prefix }: ValuesWanted,
  signal: AbortSignal,
): Promise<FieldValues> {
  const [found] = await columnValues(asker, [field], window, filter, LEVELS, signal);
  const { values, ...rest } = found as FieldValues;
  const begin = prefix.toLowerCase();
  return { ...rest, values: values.filter(({ value }) => value.startsWith(begin)).slice(0, limit) };
}

/** The commonest values of several fields, in their order. */
export async function valuesOfFields(
  asker: Asker,
  names: readonly string[],
  window: Window,
  filter: RecordFilter,
  limit: number,
  signal: AbortSignal,
): Promise<readonly FieldValues[]> {
  const fields = names.map((name) => fieldReference(name, filter.target));
  const columns = fields.filter(isSmallColumn);
  const others = fields.filter((field) => !isSmallColumn(field));
  const [ofColumns, ...ofOthers] = await Promise.all([
    columns.length === 0 ? [] : columnValues(asker, columns, window, filter, limit, signal),
    ...others.map((field) => fieldValues(asker, field, window, filter, { limit, prefix: "" }, signal)),
  ]);
  return fields.map((field) => {
    const column = columns.indexOf(field);
    return (column === -1 ? ofOthers[others.indexOf(field)] : ofColumns[column]) as FieldValues;
  });
}
