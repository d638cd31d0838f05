import type { LogRow } from "@polylog/server/contract";

/** More than a screen is wide: the rest of a message is in its detail. */
const MESSAGE_SHOWN = 600;
const VALUE_SHOWN = 120;
const FIELDS_SHOWN = 16;
/** Characters of a message and its fields that may be seen: the widest screens show about this many. */
const ROW_SHOWN = 420;

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
  let length = row.body.length;
  for (const name in row.attributes) {
    if (fields.length === FIELDS_SHOWN || length > ROW_SHOWN) break;
    if (columns.includes(name)) continue;
    const value = row.attributes[name] ?? "";
    const shown = oneLine(value, VALUE_SHOWN);
    length += name.length + shown.length;
    fields.push({ name, value, shown });
  }
  return fields;
}
