// biome-ignore-all lint/a11y/useSemanticElements: a tree of spans of which only those on the screen exist is laid out by hand
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
import { ExclamationTriangleIcon } from "@radix-ui/react-icons";
import { memo } from "react";
import { oneLine } from "../../search/rows/row-text.ts";
import { durationText } from "../../time/duration.ts";
import type { PathSegment } from "../model/critical-path.ts";
import type { TraceSpan } from "../model/trace-model.ts";
import { marksIn, placeIn, stretchesIn, type TimeWindow } from "./time-window.ts";
import styles from "./waterfall.module.css";

interface SpanRowCellsProps {
  readonly one: TraceSpan;
  readonly color: string;
  readonly window: TimeWindow;
  readonly critical: readonly PathSegment[] | undefined;
  readonly isFolded: boolean;
}

const INDENT_PX = 12;
/** In percent: a bar that ends right of this has no room for its duration on its right. */
const NO_ROOM_RIGHT = 84;
/** And one that begins left of this none on its left: the duration stands on the bar then. */
const NO_ROOM_LEFT = 16;

export const SpanRowCells = memo(function SpanRowCells({
  one,
  color,
  window,
  critical,
  isFolded,
}: SpanRowCellsProps) {
  const { name, service, start, end, depth, children, hasError, isOrphan } = one;
  const bar = placeIn(window, start, end);
  return (
    <>
      <span role="gridcell" className={styles.name} style={{ paddingLeft: 6 + depth * INDENT_PX }}>
        <span
          className={styles.fold}
          data-fold=""
          data-state={children.length === 0 ? "none" : isFolded ? "folded" : "open"}
        />
        <i className={styles.dot} style={{ background: color }} />
        {hasError && (
          <ExclamationTriangleIcon width={12} height={12} className={styles.errorSign} aria-label="Error" />
        )}
        <span className={styles.spanName} data-has-error={hasError}>
          {oneLine(name, 200)}
        </span>
        <span className={styles.service}>{oneLine(service, 80)}</span>
        {isFolded && one.descendants > 0 && <span className={styles.count}>{one.descendants}</span>}
        {isOrphan && (
          <span
            className={styles.orphan}
            title="Its parent span is not in the trace: not sampled, or not arrived yet"
          >
            no parent
          </span>
        )}
      </span>
      <span role="gridcell" className={styles.track}>
        {bar && (
          <>
            <i
              className={styles.bar}
              data-has-error={hasError}
              style={{
                left: `${bar.left}%`,
                width: `${bar.width}%`,
                background: hasError ? undefined : color,
              }}
            />
            {stretchesIn(window, critical).map(({ left, width }) => (
              <i key={left} className={styles.critical} style={{ left: `${left}%`, width: `${width}%` }} />
            ))}
            <span className={styles.duration} {...labelOf(bar)}>
              {durationText(end - start)}
            </span>
          </>
        )}
        {marksIn(window, one.logs).map(({ mark, left }) => (
          <i
            key={mark.row.id}
            className={styles.tick}
            data-level={mark.row.level}
            style={{ left: `${left}%` }}
          />
        ))}
        {marksIn(window, one.events).map(({ mark, left }) => (
          <i
            key={`${mark.at} ${left}`}
            className={styles.event}
            title={mark.name}
            style={{ left: `${left}%` }}
          />
        ))}
      </span>
    </>
  );
});

/** Where a bar's duration stands: right of it, left of it, or on it. */
function labelOf({ left, width }: { readonly left: number; readonly width: number }) {
  const end = left + width;
  if (end <= NO_ROOM_RIGHT) return { style: { left: `calc(${end}% + 6px)` } };
  if (left >= NO_ROOM_LEFT) return { style: { right: `calc(${100 - left}% + 6px)` } };
  return { style: { right: `calc(${100 - end}% + 4px)` }, "data-is-inside": true };
}
