import type { ClickedValue } from "../rows/value-at.ts";

/** What a record's detail can do to the search around it. */
export interface RecordActions {
  readonly columns: readonly string[];
  readonly facets: readonly string[];
  readonly onValue: (clicked: ClickedValue) => void;
  readonly onColumn: (field: string) => void;
  readonly onCountBy: (field: string) => void;
  readonly onClose: () => void;
}
