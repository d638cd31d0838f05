import type { ClickedValue } from "../rows/value-at.ts";

const CHOSEN = "data-is-chosen";

/**
 * The value that `f` and `x` are about: the one whose control has the focus in an open record, else the one that
 * was chosen with ← and → on the active row. It lives in the document: rows come and go with the scroll, and
 * nothing else depends on it.
 */
export function chosenValue(rowId: string | undefined): Omit<ClickedValue, "isExcluded"> | undefined {
  const focused = document.activeElement?.closest<HTMLElement>("[data-field]");
  const element = focused ?? rowElement(rowId)?.querySelector<HTMLElement>(`[${CHOSEN}]`);
  const field = element?.dataset.field;
  const value = element?.dataset.value;
  return field === undefined || value === undefined ? undefined : { field, value };
}

/**
 * Chooses the next value of a row, or the one before.
 *
 * @returns the field that is chosen now, to be said to a screen reader
 */
export function moveValueCursor(rowId: string | undefined, by: 1 | -1): string | undefined {
  const row = rowElement(rowId);
  if (!row) return undefined;
  const values = [...row.querySelectorAll<HTMLElement>("[data-field]")];
  const before = values.findIndex((element) => element.hasAttribute(CHOSEN));
  clearValueCursor();
  const index =
    before < 0 ? (by > 0 ? 0 : values.length - 1) : Math.max(0, Math.min(values.length - 1, before + by));
  const chosen = values[index];
  chosen?.setAttribute(CHOSEN, "true");
  return chosen ? `${chosen.dataset.field} ${chosen.dataset.value}` : undefined;
}

export function clearValueCursor(): void {
  for (const element of document.querySelectorAll(`[${CHOSEN}]`)) element.removeAttribute(CHOSEN);
}

function rowElement(rowId: string | undefined): HTMLElement | null {
  return rowId === undefined ? null : document.getElementById(`record-${rowId}`);
}
