import type { SearchParams } from "./search-params.ts";

let last: SearchParams | undefined;

/** The search that this tab showed last, so that a trace's page leads back to it. */
export function lastSearch(): SearchParams | undefined {
  return last;
}

export function rememberSearch(params: SearchParams): void {
  last = params;
}
