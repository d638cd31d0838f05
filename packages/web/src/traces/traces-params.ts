import type { TimeRange } from "../time/range.ts";

/** What the address of the page of traces carries; see `SearchParams`. */
export interface TracesParams {
  /** The query, on spans. */
  readonly q?: string;
  readonly from?: string;
  readonly to?: string;
  readonly order?: "longest";
  /** Fields that the reader added as facets, comma-separated. */
  readonly facets?: string;
}

/** What the address of the map carries. */
export interface ServicesParams {
  readonly from?: string;
  readonly to?: string;
  /** The service that is open. */
  readonly service?: string;
}

type Raw = Readonly<Record<string, unknown>>;

function texts<Name extends string>(raw: Raw, names: readonly Name[]): { readonly [Key in Name]?: string } {
  const read = names.filter((name) => typeof raw[name] === "string" && raw[name] !== "");
  return Object.fromEntries(read.map((name) => [name, raw[name]])) as { [Key in Name]?: string };
}

/** Reads what an address carries; what is not understood is left out rather than refused. */
export function readTracesParams(raw: Raw): TracesParams {
  return {
    ...texts(raw, ["q", "from", "to", "facets"]),
    ...(raw.order === "longest" ? { order: "longest" as const } : {}),
  };
}

export function readServicesParams(raw: Raw): ServicesParams {
  return texts(raw, ["from", "to", "service"]);
}

/** Requests are fewer than records: an hour of them is what fifteen minutes are of those. */
const DEFAULT_TRACES_RANGE: TimeRange = { from: "now-1h", to: undefined };

export function tracesRangeOf({ from, to }: { readonly from?: string; readonly to?: string }): TimeRange {
  return from === undefined ? DEFAULT_TRACES_RANGE : { from, to };
}
