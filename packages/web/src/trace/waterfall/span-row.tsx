// biome-ignore-all lint/a11y/useSemanticElements: a tree of spans of which only those on the screen exist is laid out by hand
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
import { IconAlertTriangleFilled } from "@tabler/icons-react";
import { memo } from "react";
import { oneLine } from "../../search/rows/row-text.ts";
import { durationText } from "../../time/duration.ts";
import type { PathSegment } from "../model/critical-path.ts";
import type { TraceSpan } from "../model/trace-model.ts";
import { placeIn, type TimeWindow } from "./time-window.ts";
import styles from "./waterfall.module.css";

interface SpanRowCellsProps {
  readonly one: TraceSpan;
  readonly color: string;
  readonly window: TimeWindow;
  readonly critical: readonly PathSegment[] | undefined;
  readonly isFolded: boolean;
}

const INDENT_PX = 12;
/** A bar that ends right of this has its duration on its left. */
const LABEL_LEFT_FROM = 80;

export const SpanRowCells = memo(function SpanRowCells({
  one,
  color,
  window,
  critical,
  isFolded,
}: SpanRowCellsProps) {
  const { span, start, end, depth, children, hasError, isOrphan, logs } = one;
  const bar = placeIn(window, start, end);
  const isLeft = bar !== undefined && bar.left + bar.width > LABEL_LEFT_FROM;
  return (
    <>
      <span role="gridcell" className={styles.name} style={{ paddingLeft: 6 + depth * INDENT_PX }}>
        <span
          className={styles.fold}
          data-fold=""
          data-state={children.length === 0 ? "none" : isFolded ? "folded" : "open"}
        />
        <i className={styles.dot} style={{ background: color }} />
        {hasError && <IconAlertTriangleFilled size={12} className={styles.errorSign} aria-label="Error" />}
        <span className={styles.spanName} data-has-error={hasError}>
          {oneLine(span.name, 200)}
        </span>
        <span className={styles.service}>{oneLine(span.service, 80)}</span>
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
            {critical?.map((segment) => {
              const part = placeIn(window, segment.start, segment.end);
              return (
                part && (
                  <i
                    key={segment.start}
                    className={styles.critical}
                    style={{ left: `${part.left}%`, width: `${part.width}%` }}
                  />
                )
              );
            })}
            <span
              className={styles.duration}
              style={
                isLeft
                  ? { right: `calc(${100 - bar.left}% + 6px)` }
                  : { left: `calc(${bar.left + bar.width}% + 6px)` }
              }
            >
              {durationText(end - start)}
            </span>
          </>
        )}
        {logs.map(({ row, at }) => {
          const tick = placeIn(window, at, at);
          return (
            tick && (
              <i
                key={row.id}
                className={styles.tick}
                data-level={row.level}
                style={{ left: `${tick.left}%` }}
              />
            )
          );
        })}
      </span>
    </>
  );
});
