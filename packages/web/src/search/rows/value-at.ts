/**
 * Which field's value was clicked. Rows carry thousands of values, so they are plain elements with the field's
 * name and value as data, and the list listens once.
 */
export interface ClickedValue {
  readonly field: string;
  readonly value: string;
  /** Alt-click: not this. */
  readonly isExcluded: boolean;
}

export function valueAt(event: {
  readonly target: EventTarget;
  readonly altKey: boolean;
}): ClickedValue | undefined {
  if (!(event.target instanceof Element)) return undefined;
  const element = event.target.closest<HTMLElement>("[data-field]");
  const field = element?.dataset.field;
  const value = element?.dataset.value;
  return field === undefined || value === undefined ? undefined : { field, value, isExcluded: event.altKey };
}
