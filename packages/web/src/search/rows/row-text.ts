import type { LogRow } from "@polylog/server/contract";

/** More than a screen is wide: the rest of a message is in its detail. */
const MESSAGE_SHOWN = 600;
const VALUE_SHOWN = 120;
const FIELDS_SHOWN = 16;

/** A text on one line: breaks become `⏎`, what is too long for any screen is cut. */
export function oneLine(text: string, length = MESSAGE_SHOWN): string {
  const cut = text.length > length ? `${text.slice(0, length)}…` : text;
  return /[\n\r\t]/.test(cut)
    ? cut
        .trimEnd()
        .replace(/\s*[\r\n]+\s*/g, " ⏎ ")
        .replaceAll("\t", "  ")
    : cut;
}

export interface InlineField {
  readonly name: string;
  /** The whole value, for the filter. */
  readonly value: string;
  /** What fits. */
  readonly shown: string;
}

/** The attributes that follow a message on its row: those that no column shows already. */
export function inlineFields(row: LogRow, columns: readonly string[]): readonly InlineField[] {
  const fields: InlineField[] = [];
  for (const [name, value] of Object.entries(row.attributes)) {
    if (columns.includes(name)) continue;
    if (fields.length === FIELDS_SHOWN) break;
    fields.push({ name, value, shown: oneLine(value, VALUE_SHOWN) });
  }
  return fields;
}
