// biome-ignore-all lint/a11y/useSemanticElements: a list of which only the rows on the screen exist is laid out by hand; a <table> laid out so is none to a screen reader
// biome-ignore-all lint/a11y/useFocusableInteractive: its button has the focus
import { ArrowDownIcon, ArrowUpIcon, Cross2Icon } from "@radix-ui/react-icons";
import type { PointerEvent, ReactNode } from "react";
import type { Order } from "../../api/logs.ts";
import { IconButton } from "../../app/icon-button.tsx";
import { zoneName } from "../../time/zone.ts";
import { columnWidth } from "./grid-columns.ts";
import type { RowLook } from "./log-row.tsx";
import styles from "./rows.module.css";

interface ListHeadProps {
  readonly look: RowLook;
  readonly order: Order;
  readonly at: number;
  readonly widths: Readonly<Record<string, number>>;
  readonly tools: ReactNode;
  readonly onOrder: (order: Order) => void;
  readonly onColumns: (columns: readonly string[]) => void;
  readonly onWidth: (column: string, characters: number) => void;
}

/** The names over the columns: click the time to turn the order, drag an edge to widen a column. */
export function ListHead({ look, order, at, widths, tools, onOrder, onColumns, onWidth }: ListHeadProps) {
  const Arrow = order === "desc" ? ArrowDownIcon : ArrowUpIcon;
  return (
    <div className={styles.head} role="rowgroup">
      <div className={styles.headRow} role="row" aria-rowindex={1}>
        <span
          role="columnheader"
          className={styles.headCell}
          aria-sort={order === "desc" ? "descending" : "ascending"}
        >
          <button
            type="button"
            className={styles.headButton}
            title={
              order === "desc"
                ? "Newest first. Click for oldest first"
                : "Oldest first. Click for newest first"
            }
            onClick={() => onOrder(order === "desc" ? "asc" : "desc")}
          >
            Time {look.isNarrow ? "" : zoneName(look.zone, at)}{" "}
            <Arrow width={12} height={12} aria-hidden="true" />
          </button>
        </span>
        <span role="columnheader" className={styles.headCell}>
          Level
        </span>
        {!look.isNarrow &&
          look.columns.map((column) => (
            <span key={column} role="columnheader" className={styles.headCell} title={column}>
              <span>{column}</span>
              <IconButton
                label={`Remove the column ${column}`}
                className={styles.remove}
                onClick={() => onColumns(look.columns.filter((name) => name !== column))}
              >
                <Cross2Icon width={11} height={11} />
              </IconButton>
              <i
                className={styles.edge}
                aria-hidden="true"
                onPointerDown={(event) =>
                  dragEdge(event, columnWidth(column, widths), (width) => onWidth(column, width))
                }
              />
            </span>
          ))}
        <span role="columnheader" className={styles.headCell}>
          Message
        </span>
      </div>
      <div className={styles.headTools}>{tools}</div>
    </div>
  );
}

/** Follows the pointer from a column's edge until it is let go. */
function dragEdge(event: PointerEvent<HTMLElement>, width: number, onWidth: (width: number) => void): void {
  event.preventDefault();
  const cell = event.currentTarget.parentElement;
  if (!cell) return;
  const edge = event.currentTarget;
  const startX = event.clientX;
  const characterWidth = cell.getBoundingClientRect().width / width;
  edge.setPointerCapture(event.pointerId);
  const onMove = (move: globalThis.PointerEvent) =>
    onWidth(Math.round(width + (move.clientX - startX) / characterWidth));
  const onEnd = () => {
    edge.removeEventListener("pointermove", onMove);
    edge.removeEventListener("pointerup", onEnd);
    edge.removeEventListener("pointercancel", onEnd);
  };
  edge.addEventListener("pointermove", onMove);
  edge.addEventListener("pointerup", onEnd);
  edge.addEventListener("pointercancel", onEnd);
}
