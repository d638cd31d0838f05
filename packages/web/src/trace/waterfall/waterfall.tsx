// biome-ignore-all lint/a11y/useSemanticElements: a tree of spans of which only those on the screen exist is laid out by hand
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the page's keys do what a click does
import { useVirtualizer } from "@tanstack/react-virtual";
import { type MouseEvent, type PointerEvent, useCallback, useEffect, useMemo, useRef, useState } from "react";
import { durationText } from "../../time/duration.ts";
import type { TraceModel } from "../model/trace-model.ts";
import { SpanRowCells } from "./span-row.tsx";
import { ruler, type TimeWindow, zoomInto } from "./time-window.ts";
import styles from "./waterfall.module.css";

interface WaterfallProps {
  readonly model: TraceModel;
  readonly colors: ReadonlyMap<string, string>;
  /** Places in the model's spans. */
  readonly shown: readonly number[];
  readonly folded: ReadonlySet<string>;
  readonly matching: ReadonlySet<number> | undefined;
  readonly selected: number;
  readonly onSelect: (place: number) => void;
  readonly onFold: (key: string) => void;
  readonly isNarrow: boolean;
}

const ROW_HEIGHT = 25;
const SHORTEST_DRAG = 0.004;
/** From this share of the window on, the time of a mark stands left of it. */
const NO_ROOM_FOR_TIME = 0.92;

/** The spans of a trace over time. Drag over the times to zoom, double click to see all of it again. */
export function Waterfall({
  model,
  colors,
  shown,
  folded,
  matching,
  selected,
  onSelect,
  onFold,
  isNarrow,
}: WaterfallProps) {
  const viewport = useRef<HTMLDivElement>(null);
  const whole = useMemo<TimeWindow>(() => ({ start: 0, end: model.duration }), [model.duration]);
  const [zoomed, setZoomed] = useState<TimeWindow | undefined>(undefined);
  const [drag, setDrag] = useState<{ readonly from: number; readonly to: number } | undefined>(undefined);
  const window = zoomed ?? whole;

  const virtualizer = useVirtualizer({
    count: shown.length,
    getScrollElement: () => viewport.current,
    estimateSize: useCallback(() => ROW_HEIGHT, []),
    overscan: 15,
  });

  const selectedRow = shown.indexOf(selected);
  useEffect(() => {
    if (selectedRow >= 0) virtualizer.scrollToIndex(selectedRow, { align: "auto" });
  }, [selectedRow, virtualizer]);

  const share = (event: PointerEvent | MouseEvent): number => {
    const box = event.currentTarget.getBoundingClientRect();
    return (event.clientX - box.left) / box.width;
  };
  const timeline = {
    onPointerDown: (event: PointerEvent<HTMLElement>) => {
      if (event.button !== 0) return;
      event.currentTarget.setPointerCapture(event.pointerId);
      setDrag({ from: share(event), to: share(event) });
    },
    onPointerMove: (event: PointerEvent<HTMLElement>) => {
      if (drag) setDrag({ from: drag.from, to: share(event) });
    },
    onPointerUp: () => {
      if (drag && Math.abs(drag.to - drag.from) > SHORTEST_DRAG)
        setZoomed(zoomInto(window, drag.from, drag.to));
      setDrag(undefined);
    },
    onPointerCancel: () => setDrag(undefined),
    onDoubleClick: () => setZoomed(undefined),
  };
  const marks = ruler(window, isNarrow ? 2 : 6);
  const shareOf = (ns: number) => (ns - window.start) / (window.end - window.start);
  const at = (ns: number) => `${shareOf(ns) * 100}%`;

  const onClick = (event: MouseEvent) => {
    const element = event.target instanceof Element ? event.target : undefined;
    const place = Number(element?.closest<HTMLElement>("[data-place]")?.dataset.place ?? -1);
    const span = model.spans[place];
    if (!span) return;
    if (element?.closest("[data-fold]")) onFold(span.key);
    else onSelect(place);
  };

  return (
    <div
      className={styles.waterfall}
      role="treegrid"
      tabIndex={0}
      aria-label="Spans"
      aria-rowcount={shown.length + 1}
      aria-activedescendant={selectedRow >= 0 ? `span-${selected}` : undefined}
    >
      <div className={styles.head} role="rowgroup">
        <div className={styles.headRow} role="row" aria-rowindex={1}>
          <span role="columnheader" className={styles.headName}>
            Span
          </span>
          <div
            role="columnheader"
            className={styles.ruler}
            title="Drag to zoom, double click to see the whole trace"
            {...timeline}
          >
            {marks.map((mark) => (
              <span key={mark} data-has-room={shareOf(mark) < NO_ROOM_FOR_TIME} style={{ left: at(mark) }}>
                {durationText(mark)}
              </span>
            ))}
            {drag && (
              <i
                className={styles.drag}
                style={{
                  left: `${Math.min(drag.from, drag.to) * 100}%`,
                  width: `${Math.abs(drag.to - drag.from) * 100}%`,
                }}
              />
            )}
          </div>
        </div>
        {zoomed && (
          <button type="button" className={styles.unzoom} onClick={() => setZoomed(undefined)}>
            Whole trace
          </button>
        )}
      </div>
      <div ref={viewport} className={styles.viewport} role="rowgroup" tabIndex={-1} onClick={onClick}>
        <div className={styles.sizer} style={{ height: virtualizer.getTotalSize() }} role="presentation">
          <div className={styles.grid} aria-hidden="true">
            {marks.map((mark) => (
              <i key={mark} style={{ left: at(mark) }} />
            ))}
          </div>
          {virtualizer.getVirtualItems().map((item) => {
            const place = shown[item.index] ?? -1;
            const one = model.spans[place];
            if (!one) return null;
            return (
              <div
                key={place}
                id={`span-${place}`}
                className={styles.row}
                style={{ transform: `translateY(${item.start}px)`, height: ROW_HEIGHT }}
                role="row"
                data-place={place}
                data-is-dimmed={matching !== undefined && !matching.has(place)}
                aria-level={one.depth + 1}
                aria-rowindex={item.index + 2}
                aria-expanded={one.children.length === 0 ? undefined : !folded.has(one.key)}
                aria-selected={place === selected}
              >
                <SpanRowCells
                  one={one}
                  color={colors.get(one.service) ?? "var(--text-dim)"}
                  window={window}
                  critical={model.critical.get(place)}
                  isFolded={folded.has(one.key)}
                />
              </div>
            );
          })}
        </div>
      </div>
    </div>
  );
}
