import { DEFAULT_RANGE, type TimeRange } from "../../time/range.ts";

/**
 * What the address bar carries of a search, as text: an address is read by people, kept in bookmarks and sent to
 * colleagues. What is left out has its default.
 */
export interface SearchParams {
  /** The query. */
  readonly q?: string;
  /** The API's words: RFC 3339, milliseconds, or `now-15m`. */
  readonly from?: string;
  readonly to?: string;
  /** Columns between level and message, comma-separated. */
  readonly columns?: string;
  /** Fields that the reader added as facets, comma-separated. */
  readonly facets?: string;
  /** Oldest first. */
  readonly order?: "asc";
  readonly live?: "on";
  /** The record that is open: {@link openedOf}. */
  readonly open?: string;
}

export const DEFAULT_COLUMNS: readonly string[] = ["service", "logger"];
/** More columns than this leave no room for the message on any screen. */
const MOST_COLUMNS = 12;
const MOST_FACETS = 20;

/** Reads what an address carries; what is not understood is left out rather than refused. */
export function readSearchParams(raw: Readonly<Record<string, unknown>>): SearchParams {
  const text = (name: string) => {
    const value = raw[name];
    return typeof value === "string" && value !== "" ? { [name]: value } : {};
  };
  return {
    ...text("q"),
    ...text("from"),
    ...text("to"),
    ...(typeof raw.columns === "string" ? { columns: raw.columns } : {}),
    ...text("facets"),
    ...text("open"),
    ...(raw.order === "asc" ? { order: "asc" as const } : {}),
    ...(raw.live === "on" ? { live: "on" as const } : {}),
  };
}

export function rangeOf(params: SearchParams): TimeRange {
  if (params.from === undefined) return DEFAULT_RANGE;
  return { from: params.from, to: params.to };
}

/** Names in an address, which may be typed by hand: no empty ones, no twins, not too many. */
function names(text: string, most: number): readonly string[] {
  return [...new Set(text.split(",").map((name) => decodeComma(name.trim())))]
    .filter((name) => name !== "")
    .slice(0, most);
}

/** A field's name may hold a comma, which parts the list. */
function encodeComma(name: string): string {
  return name.replaceAll("%", "%25").replaceAll(",", "%2C");
}

function decodeComma(name: string): string {
  return name.replaceAll("%2C", ",").replaceAll("%25", "%");
}

export function columnsOf(params: SearchParams): readonly string[] {
  return params.columns === undefined ? DEFAULT_COLUMNS : names(params.columns, MOST_COLUMNS);
}

/** The `columns` of an address; `undefined` for the usual ones. */
export function columnsParam(columns: readonly string[]): string | undefined {
  const text = columns.map(encodeComma).join(",");
  return text === DEFAULT_COLUMNS.join(",") ? undefined : text;
}

export function facetsOf(params: Pick<SearchParams, "facets">): readonly string[] {
  return names(params.facets ?? "", MOST_FACETS);
}

export function facetsParam(facets: readonly string[]): string | undefined {
  return facets.length === 0 ? undefined : facets.map(encodeComma).join(",");
}

/** A record in an address: its id, and its time, by which the server finds it quickly. */
export interface OpenedRecord {
  readonly id: string;
  readonly time: string;
}

export function openedOf(params: SearchParams): OpenedRecord | undefined {
  const match = /^(\d{1,20})@(.{1,40})$/.exec(params.open ?? "");
  return match ? { id: match[1] as string, time: match[2] as string } : undefined;
}

export function openedParam(opened: OpenedRecord): string {
  return `${opened.id}@${opened.time}`;
}
