// biome-ignore-all lint/a11y/useSemanticElements: a list of which only the rows on the screen exist is laid out by hand; a <table> laid out so is none to a screen reader
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
import type { LogRow } from "@polylog/server/contract";
import { Fragment, memo } from "react";
import { LEVEL_WORD } from "../../fields/severity.ts";
import { fieldValue } from "../../fields/value.ts";
import { clockTime, dayAndClockTime, millisecondsOf } from "../../time/format.ts";
import type { Zone } from "../../time/zone.ts";
import { Marked } from "./marked.tsx";
import { inlineFields, oneLine } from "./row-text.ts";
import styles from "./rows.module.css";

export interface RowLook {
  readonly columns: readonly string[];
  readonly zone: Zone;
  readonly hasDays: boolean;
  readonly isNarrow: boolean;
  /** Finds what the query asks of the message. */
  readonly finder: RegExp | undefined;
}

interface LogRowCellsProps {
  readonly row: LogRow;
  readonly look: RowLook;
}

/** One record on one line. Hot: a screen of these is drawn on every step of a scroll. */
export const LogRowCells = memo(function LogRowCells({ row, look }: LogRowCellsProps) {
  const ms = millisecondsOf(row.timestamp);
  const time = look.hasDays ? dayAndClockTime(ms, look.zone) : clockTime(ms, look.zone);
  return (
    <>
      <span role="gridcell" className={styles.time}>
        {look.isNarrow ? time.slice(0, -4) : time}
      </span>
      <span role="gridcell" className={styles.level}>
        <span className={styles.word} data-field="level" data-value={row.level}>
          {LEVEL_WORD[row.level]}
        </span>
      </span>
      {!look.isNarrow &&
        look.columns.map((column) => {
          const value = fieldValue(row, column) ?? "";
          return (
            <span key={column} role="gridcell" className={styles.column}>
              {value !== "" && (
                <span className={styles.value} data-field={column} data-value={value}>
                  {oneLine(value, 160)}
                </span>
              )}
            </span>
          );
        })}
      <span role="gridcell" className={styles.message}>
        <Marked text={row.body === "" ? row.eventName : oneLine(row.body)} finder={look.finder} />
        {inlineFields(row, look.columns).map(({ name, value, shown }) => (
          <Fragment key={name}>
            <span className={styles.key}> {oneLine(name, 80)}=</span>
            <span className={styles.value} data-field={name} data-value={value}>
              {shown}
            </span>
          </Fragment>
        ))}
      </span>
    </>
  );
});
