import type { SearchParams } from "../search/page/search-params.ts";
import type { TracesParams } from "../traces/traces-params.ts";

/** Where a reader came from to a trace. */
type WayBack =
  | { readonly to: "/"; readonly search: SearchParams }
  | { readonly to: "/traces"; readonly search: TracesParams };

let logs: Extract<WayBack, { to: "/" }> | undefined;
let traces: Extract<WayBack, { to: "/traces" }> | undefined;
let last: WayBack | undefined;

/** The list that this tab showed last, so that a trace's page leads back to it. */
export function wayBack(): WayBack | undefined {
  return last;
}

/** The search that this tab showed last, if it showed one. */
export function lastSearch(): SearchParams | undefined {
  return logs?.search;
}

/** The traces that this tab looked for last. */
export function lastTraces(): TracesParams | undefined {
  return traces?.search;
}

export function rememberSearch(search: SearchParams): void {
  logs = { to: "/", search };
  last = logs;
}

export function rememberTraces(search: TracesParams): void {
  traces = { to: "/traces", search };
  last = traces;
}
