import type { FacetsResponse, Statistics } from "../../contract/index.ts";
import type { Answer } from "../question.ts";

export type ValueCount = FacetsResponse["facets"][number]["values"][number];

/** Which values of a field are asked for. */
export interface ValuesWanted {
  readonly limit: number;
  /** They begin with this, in any case. */
  readonly prefix: string;
}

export interface FieldValues {
  /** Commonest first. */
  readonly values: readonly ValueCount[];
  /** True when counts are of a sample or of whole hours, or when there were more distinct values than are counted. */
  readonly approximate: boolean;
  /** True when time or rows ran out. */
  readonly isPartial: boolean;
  readonly statistics: Statistics;
}

/** Milliseconds after which values are answered as far as they are counted: they are shown beside the rows. */
export const VALUES_TIMEOUT = 10_000;

/** Distinct values that are counted; bounds the memory of a question about a field that is an id. */
export const COUNTED_VALUES = 200_000;

export const GROUP_SETTINGS = {
  max_rows_to_group_by: String(COUNTED_VALUES),
  // Values that come after the bound are not counted; those before it are, to the end.
  group_by_overflow_mode: "any",
} as const;

/** The condition that a value begins with `{prefix:String}`, in any case. */
export function beginsWithPrefix(value: string): string {
  return `startsWith(lowerUTF8(${value}), lowerUTF8({prefix:String}))`;
}

export function valueCount([value, count]: readonly unknown[]): ValueCount {
  return { value: value as string, count: Number(count) };
}

export function costOf({ isPartial, statistics }: Answer): Pick<FieldValues, "isPartial" | "statistics"> {
  return { isPartial, statistics };
}
