// biome-ignore-all lint/a11y/useSemanticElements: rows of which only those on the screen exist are laid out by hand
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the page's keys do what a click does
import type { TraceSummary } from "@polylog/server/contract";
import { useVirtualizer } from "@tanstack/react-virtual";
import { type MouseEvent, type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import type { TraceOrder } from "../../api/traces.ts";
import { usePreferences } from "../../app/preferences.ts";
import { serviceColors } from "../../trace/model/service-color.ts";
import styles from "./list.module.css";
import { TraceRow } from "./trace-row.tsx";

interface TraceListProps {
  readonly traces: readonly TraceSummary[];
  readonly order: TraceOrder;
  readonly hasDays: boolean;
  /** Whether a query was asked: without one any span would be as good as the one that was found. */
  readonly areMatchesShown: boolean;
  readonly isOld: boolean;
  readonly active: number;
  readonly foot: ReactNode;
  readonly onOrder: (order: TraceOrder) => void;
  readonly onOpen: (trace: TraceSummary) => void;
}

const HEIGHTS = { compact: 24, comfortable: 26 } as const;

/** Traces, one a line. */
export function TraceList({
  traces,
  order,
  hasDays,
  areMatchesShown,
  isOld,
  active,
  foot,
  onOrder,
  onOpen,
}: TraceListProps) {
  const { zone, density } = usePreferences();
  const viewport = useRef<HTMLDivElement>(null);
  const height = HEIGHTS[density];
  const virtualizer = useVirtualizer({
    count: traces.length,
    getScrollElement: () => viewport.current,
    estimateSize: useCallback(() => height, [height]),
    overscan: 12,
  });
  useEffect(() => {
    if (active >= 0) virtualizer.scrollToIndex(active, { align: "auto" });
  }, [active, virtualizer]);

  const longest = useMemo(() => Math.max(1, ...traces.map(({ duration }) => Number(duration))), [traces]);
  const colors = useMemo(
    () =>
      serviceColors([...new Set(traces.flatMap(({ services }) => services.map(({ service }) => service)))]),
    [traces],
  );
  const onClick = (event: MouseEvent) => {
    const element = event.target instanceof Element ? event.target : undefined;
    const trace = traces[Number(element?.closest<HTMLElement>("[data-index]")?.dataset.index ?? -1)];
    // A link opens by itself, also in a tab of its own.
    if (trace && !element?.closest("a")) onOpen(trace);
  };

  return (
    <div
      className={styles.list}
      role="grid"
      tabIndex={0}
      aria-label="Traces"
      aria-rowcount={traces.length + 1}
      aria-activedescendant={active >= 0 ? `trace-${active}` : undefined}
      aria-busy={isOld}
      data-has-days={hasDays}
    >
      <div className={styles.head} role="row" aria-rowindex={1}>
        <Sorted of="newest" order={order} onOrder={onOrder}>
          Time
        </Sorted>
        <Sorted of="longest" order={order} onOrder={onOrder}>
          Duration
        </Sorted>
        <span role="columnheader">Trace</span>
        <span role="columnheader" className={styles.number}>
          Spans
        </span>
        <span role="columnheader" className={styles.errorsHead}>
          Errors
        </span>
        <span role="columnheader" className={styles.servicesHead}>
          Services
        </span>
      </div>
      <div
        ref={viewport}
        className={styles.viewport}
        role="rowgroup"
        tabIndex={-1}
        onClick={onClick}
        data-is-old={isOld}
      >
        <div className={styles.sizer} style={{ height: virtualizer.getTotalSize() }} role="presentation">
          {virtualizer.getVirtualItems().map((item) => {
            const trace = traces[item.index];
            if (!trace) return null;
            return (
              <div
                key={trace.traceId}
                id={`trace-${item.index}`}
                className={styles.row}
                style={{ transform: `translateY(${item.start}px)`, height }}
                role="row"
                data-index={item.index}
                data-is-active={item.index === active}
                aria-rowindex={item.index + 2}
                aria-selected={item.index === active}
              >
                <TraceRow
                  trace={trace}
                  longest={longest}
                  colors={colors}
                  zone={zone}
                  hasDays={hasDays}
                  isMatchShown={areMatchesShown}
                />
              </div>
            );
          })}
        </div>
        {foot}
      </div>
    </div>
  );
}

interface SortedProps {
  readonly of: TraceOrder;
  readonly order: TraceOrder;
  readonly onOrder: (order: TraceOrder) => void;
  readonly children: string;
}

/** A column by which the traces can be sorted. */
function Sorted({ of, order, onOrder, children }: SortedProps) {
  return (
    <span role="columnheader" aria-sort={order === of ? "descending" : "none"}>
      <button type="button" className={styles.sort} onClick={() => onOrder(of)} title={`The ${of} first`}>
        {children}
        <span aria-hidden="true">{order === of ? " ↓" : ""}</span>
      </button>
    </span>
  );
}
