/** Widths in characters, so that they follow the density's font. */
const WIDTHS: Readonly<Record<string, number>> = {
  service: 16,
  logger: 20,
  host: 18,
  runtime: 9,
  trace: 34,
  span: 18,
};
const OTHER_WIDTH = 18;
const NARROWEST = 6;
const WIDEST = 120;

/**
 * `grid-template-columns` of the list: time, level, the chosen columns, and the message with the rest.
 *
 * @param widths what the reader dragged a column to, in characters
 */
export function gridColumns(
  columns: readonly string[],
  look: { readonly hasDays: boolean; readonly isNarrow: boolean },
  widths: Readonly<Record<string, number>>,
): string {
  const time = (look.hasDays ? 18 : 12) - (look.isNarrow ? 4 : 0);
  const chosen = look.isNarrow ? [] : columns.map((column) => `${columnWidth(column, widths)}ch`);
  return [`calc(${time}ch + 12px)`, "calc(5ch + 14px)", ...chosen, "minmax(0, 1fr)"].join(" ");
}

export function columnWidth(column: string, widths: Readonly<Record<string, number>>): number {
  const dragged = Object.hasOwn(widths, column) ? widths[column] : undefined;
  const usual = Object.hasOwn(WIDTHS, column) ? WIDTHS[column] : undefined;
  return Math.max(NARROWEST, Math.min(WIDEST, dragged ?? usual ?? OTHER_WIDTH));
}
