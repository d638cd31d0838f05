// biome-ignore-all lint/a11y/useSemanticElements: a list of which only the rows on the screen exist is laid out by hand; a <table> laid out so is none to a screen reader
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the page's keys do what a click does
import type { LogRow } from "@polylog/server/contract";
import { useVirtualizer } from "@tanstack/react-virtual";
import {
  type MouseEvent,
  type ReactNode,
  type RefObject,
  useCallback,
  useEffect,
  useImperativeHandle,
  useRef,
} from "react";
import { LogRowCells, type RowLook } from "./log-row.tsx";
import styles from "./rows.module.css";
import { type ClickedValue, valueAt } from "./value-at.ts";

/** Rows drawn above and below what is seen: a fast wheel then meets no blank. */
const OVERSCAN = 8;
/** The next page is asked for when the reader is this close to the end, or half-way through a short list. */
const ROWS_AHEAD = 400;

export interface LogListHandle {
  readonly scrollToTop: () => void;
  readonly scrollToRow: (index: number) => void;
  readonly focus: () => void;
}

interface LogListProps {
  readonly handle: RefObject<LogListHandle | null>;
  readonly rows: readonly LogRow[];
  readonly rowHeight: number;
  readonly look: RowLook;
  readonly active: number;
  readonly openId: string | undefined;
  readonly isOld: boolean;
  readonly foot: ReactNode;
  readonly detail: (row: LogRow) => ReactNode;
  readonly onToggle: (row: LogRow, index: number) => void;
  readonly onValue: (clicked: ClickedValue) => void;
  readonly onNearEnd: () => void;
  readonly onScroll: (offset: number) => void;
}

/** The records of a search: only those on the screen are in the document, however many there are. */
export function LogList(props: LogListProps) {
  const { handle, rows, rowHeight, look, active, openId, onNearEnd, onScroll } = props;
  const viewport = useRef<HTMLDivElement>(null);
  const virtualizer = useVirtualizer({
    count: rows.length,
    getScrollElement: () => viewport.current,
    estimateSize: useCallback(() => rowHeight, [rowHeight]),
    getItemKey: useCallback((index: number) => rows[index]?.id ?? index, [rows]),
    overscan: OVERSCAN,
  });

  useImperativeHandle(
    handle,
    () => ({
      scrollToTop: () => viewport.current?.scrollTo({ top: 0 }),
      scrollToRow: (index) => virtualizer.scrollToIndex(index, { align: "auto" }),
      focus: () => viewport.current?.closest<HTMLElement>("[role=grid]")?.focus({ preventScroll: true }),
    }),
    [virtualizer],
  );

  // Sizes are remembered by record: one that was open is a plain row again once it is closed.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the change of these is the reason to measure
  useEffect(() => virtualizer.measure(), [openId, rowHeight, virtualizer]);

  const items = virtualizer.getVirtualItems();
  // Rows that leave the screen lend their elements to those that come: filling an element anew takes half the time
  // of making one. The number is as large as what a screen holds, so that no two rows on it share one.
  const pool = Math.ceil((virtualizer.scrollRect?.height ?? 0) / rowHeight) + 2 * OVERSCAN + 3;
  const last = items.at(-1)?.index ?? 0;
  useEffect(() => {
    if (last + Math.min(ROWS_AHEAD, rows.length / 2) >= rows.length) onNearEnd();
  }, [last, rows.length, onNearEnd]);

  const rowOf = (event: MouseEvent): number | undefined => {
    const element =
      event.target instanceof Element ? event.target.closest<HTMLElement>("[data-index]") : null;
    const isInRow = event.target instanceof Element && event.target.closest("[data-row]") !== null;
    return element === null || !isInRow ? undefined : Number(element.dataset.index);
  };

  const onClick = (event: MouseEvent) => {
    const index = rowOf(event);
    if (index === undefined) return;
    const clicked = valueAt(event);
    if (clicked) {
      props.onValue(clicked);
      return;
    }
    if (window.getSelection()?.isCollapsed === false) return; // somebody marks a text to copy it
    const row = rows[index];
    if (row) props.onToggle(row, index);
  };

  return (
    <div
      ref={viewport}
      className={styles.viewport}
      data-is-old={props.isOld}
      tabIndex={-1}
      role="rowgroup"
      onClick={onClick}
      onScroll={(event) => onScroll(event.currentTarget.scrollTop)}
    >
      <div className={styles.sizer} style={{ height: virtualizer.getTotalSize() }} role="presentation">
        {/* One place for all of them: a transform for each row would cost twice as much to paint. */}
        <div
          className={styles.window}
          style={{ transform: `translateY(${items[0]?.start ?? 0}px)` }}
          role="presentation"
        >
          {items.map((item) => {
            const row = rows[item.index];
            if (!row) return null;
            const isOpen = row.id === openId;
            return (
              <div
                key={item.index % Math.max(pool, items.length)}
                ref={isOpen ? virtualizer.measureElement : undefined}
                data-index={item.index}
                role="presentation"
              >
                <div
                  id={`record-${row.id}`}
                  role="row"
                  data-row=""
                  className={styles.row}
                  data-level={row.level}
                  data-is-active={item.index === active}
                  aria-rowindex={item.index + 2}
                  aria-expanded={isOpen}
                  aria-selected={item.index === active}
                >
                  <LogRowCells row={row} look={look} />
                </div>
                {isOpen && props.detail(row)}
              </div>
            );
          })}
        </div>
      </div>
      {props.foot}
    </div>
  );
}
