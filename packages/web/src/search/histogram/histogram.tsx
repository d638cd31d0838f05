import type { HistogramResponse } from "@polylog/server/contract";
import { useEffect, useMemo, useRef, useState } from "react";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";
import { shortCount, wholeNumber } from "../../fields/numbers.ts";
import { LEVEL_WORD, SEVERITIES } from "../../fields/severity.ts";
import { clockTime, dateAndTime, shortDay, shortTime } from "../../time/format.ts";
import type { Zone } from "../../time/zone.ts";
import styles from "./histogram.module.css";
import { barAt, STACK_ORDER, stack } from "./stack.ts";

interface HistogramProps {
  readonly data: HistogramResponse | undefined;
  readonly isOld: boolean;
  readonly zone: Zone;
  /** Changes with the theme, so that the canvas is drawn in its colours. */
  readonly scheme: string;
  readonly height: number;
  /** A drag over the bars: the time between, in milliseconds. */
  readonly onZoom: (from: number, to: number) => void;
  /** A double click: the time before the drag. */
  readonly onBack: () => void;
}

const DAY_MS = 86_400_000;

/** How many records there were over time, stacked by level. Drag to zoom, double click to go back. */
export function Histogram({ data, isOld, zone, scheme, height, onZoom, onBack }: HistogramProps) {
  const place = useRef<HTMLDivElement>(null);
  const stacked = useMemo(() => (data ? stack(data) : undefined), [data]);
  const [hovered, setHovered] = useState(-1);
  const handlers = useRef({ onZoom, onBack });
  handlers.current = { onZoom, onBack };

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme's colours are read from the document
  useEffect(() => {
    const element = place.current;
    if (!element || !data || !stacked) return;
    const plot = new uPlot(
      options(element, data, zone, height, {
        onZoom: (from, to) => handlers.current.onZoom(from, to),
        onBack: () => handlers.current.onBack(),
        onHover: (ms) => setHovered(ms === undefined ? -1 : barAt(stacked.times, data.interval, ms)),
      }),
      [stacked.times as number[], ...[...stacked.tops].reverse()] as uPlot.AlignedData,
      element,
    );
    const observer = new ResizeObserver(() => plot.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      plot.destroy();
    };
  }, [data, stacked, zone, height, scheme]);

  const counts = hovered >= 0 ? stacked?.counts[hovered] : undefined;
  const time = hovered >= 0 ? stacked?.times[hovered] : undefined;
  return (
    <div className={styles.histogram} style={{ height }} data-is-old={isOld}>
      <div ref={place} className={styles.plot} role="img" aria-label={spoken(data, zone)} />
      {data && counts && time !== undefined && (
        <div
          className={styles.reading}
          data-side={hovered > (stacked?.times.length ?? 0) / 2 ? "left" : "right"}
          aria-hidden="true"
        >
          <b>
            {dateAndTime(time, zone)} – {clockTime(time + data.interval, zone).slice(0, 8)}
          </b>
          {SEVERITIES.filter((level) => (counts[level] ?? 0) > 0).map((level) => (
            <span key={level}>
              <i style={{ background: `var(--severity-${level})` }} />
              {LEVEL_WORD[level]}
              <em>{wholeNumber(counts[level] ?? 0)}</em>
            </span>
          ))}
          {Object.keys(counts).length === 0 && <span>No records</span>}
        </div>
      )}
    </div>
  );
}

function spoken(data: HistogramResponse | undefined, zone: Zone): string {
  if (!data) return "Records over time";
  const levels = SEVERITIES.map((level) => {
    const count = data.buckets.reduce((sum, bucket) => sum + (bucket.counts[level] ?? 0), 0);
    return count > 0 ? `${wholeNumber(count)} ${level}` : "";
  }).filter((words) => words !== "");
  return `${wholeNumber(data.total)} records from ${dateAndTime(data.from, zone)} to ${dateAndTime(data.to, zone)}: ${levels.join(", ") || "none"}`;
}

interface Handlers {
  readonly onZoom: (from: number, to: number) => void;
  readonly onBack: () => void;
  readonly onHover: (ms: number | undefined) => void;
}

/** A drag shorter than this is a click that slipped. */
const SHORTEST_DRAG_PX = 4;

function options(
  element: HTMLElement,
  data: HistogramResponse,
  zone: Zone,
  height: number,
  handlers: Handlers,
): uPlot.Options {
  const style = getComputedStyle(element);
  const color = (name: string) => style.getPropertyValue(name).trim();
  const isLong = data.to - data.from > DAY_MS;
  const bars = uPlot.paths.bars?.({ size: [0.86, 60, 1], align: 1, gap: 0 });
  const font = `11px ${style.fontFamily}`;
  const axis = { stroke: color("--text-dim"), font, ticks: { show: false }, gap: 4 } as const;
  return {
    width: element.clientWidth,
    height,
    padding: [8, 4, 0, 0],
    ms: 1,
    legend: { show: false },
    tzDate: (ms) => (zone === "utc" ? uPlot.tzDate(new Date(ms), "Etc/UTC") : new Date(ms)),
    cursor: {
      points: { show: false },
      y: false,
      drag: { x: true, y: false, setScale: false, dist: SHORTEST_DRAG_PX },
      bind: {
        dblclick: () => () => {
          handlers.onBack();
          return null;
        },
      },
    },
    scales: {
      x: { time: true, range: () => [data.from, data.to] },
      y: { range: (_plot, _min, max) => [0, Math.max(1, max) * 1.05] },
    },
    axes: [
      {
        ...axis,
        size: 20,
        space: 90,
        grid: { show: false },
        values: (_plot, splits) =>
          splits.map((ms) => {
            const text = shortTime(ms, zone);
            if (isLong) return text === "00:00" ? shortDay(ms, zone) : `${shortDay(ms, zone)} ${text}`;
            return data.to - data.from < 300_000 ? clockTime(ms, zone).slice(0, 8) : text;
          }),
      },
      {
        ...axis,
        size: 44,
        space: 28,
        grid: { stroke: color("--line"), width: 1 },
        values: (_plot, splits) => splits.map((count) => (Number.isInteger(count) ? shortCount(count) : "")),
      },
    ],
    series: [
      {},
      // The tallest first: each lower one is drawn over it.
      ...[...STACK_ORDER].reverse().map((level) => ({
        label: level,
        fill: color(`--severity-${level}`),
        width: 0,
        points: { show: false },
        ...(bars ? { paths: bars } : {}),
      })),
    ],
    hooks: {
      setSelect: [
        (plot) => {
          if (plot.select.width < SHORTEST_DRAG_PX) return;
          const from = plot.posToVal(plot.select.left, "x");
          const to = plot.posToVal(plot.select.left + plot.select.width, "x");
          plot.setSelect({ left: 0, top: 0, width: 0, height: 0 }, false);
          handlers.onZoom(Math.floor(from), Math.ceil(to));
        },
      ],
      setCursor: [
        (plot) => {
          const left = plot.cursor.left;
          handlers.onHover(left === undefined || left < 0 ? undefined : plot.posToVal(left, "x"));
        },
      ],
    },
  };
}
