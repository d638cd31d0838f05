import { groupedCount } from "../grouped-count.ts";
import type { Statement } from "../statement.ts";
import type { Window } from "../window.ts";

/** How many records of the window match a condition; no row means none. */
export function countStatement(window: Window, condition: Statement): Statement {
  return groupedCount({ window, condition, keys: [] });
}
