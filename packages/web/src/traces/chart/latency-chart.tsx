import { useComputedColorScheme } from "@mantine/core";
import type { LatencyResponse } from "@polylog/server/contract";
import { type PointerEvent, useEffect, useMemo, useRef, useState } from "react";
import { usePreferences } from "../../app/preferences.ts";
import { useWidth } from "../../app/use-width.ts";
import { wholeNumber } from "../../fields/numbers.ts";
import { durationText } from "../../time/duration.ts";
import { clockTime, dateAndTime } from "../../time/format.ts";
import { bandStart, bandsOf } from "./bands.ts";
import styles from "./chart.module.css";
import { drawLatency } from "./draw.ts";
import { bandAtY, cellNear, dotOf, geometryOf, type Scale, timeAt } from "./geometry.ts";

type Cell = LatencyResponse["cells"][number];

/** A part of the chart: times in milliseconds since 1970, lengths in nanoseconds. */
export interface Area {
  readonly from: number;
  readonly to: number;
  readonly shortest: number;
  readonly longest: number;
}

interface LatencyChartProps {
  readonly data: LatencyResponse | undefined;
  /** What a dot stands for: a trace, by its root, or a span. */
  readonly things: { readonly one: string; readonly many: string };
  readonly isOld: boolean;
  readonly height: number;
  readonly onZoom: (area: Area) => void;
  readonly onBack: () => void;
  readonly onOpen: (cell: Cell) => void;
}

interface Place {
  readonly x: number;
  readonly y: number;
}

/** A drag shorter than this is a click that slipped. */
const SHORTEST_DRAG_PX = 5;

/**
 * How long spans took, over time, and beside it how many there are of each length. Drag over an area to look closer,
 * double click to go back, click a dot for the longest of it.
 */
export function LatencyChart({ data, things, isOld, height, ...on }: LatencyChartProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const { zone } = usePreferences();
  const scheme = useComputedColorScheme("light", { getInitialValueInEffect: false });
  const [drag, setDrag] = useState<{ readonly from: Place; readonly to: Place } | undefined>(undefined);
  const [hovered, setHovered] = useState<Cell | undefined>(undefined);

  const geometry = useMemo(() => geometryOf(width, height), [width, height]);
  const scale = useMemo<Scale | undefined>(
    () => data && { from: data.from, to: data.to, bands: bandsOf(data.cells) },
    [data],
  );

  // biome-ignore lint/correctness/useExhaustiveDependencies: the scheme's colours are read from the document
  useEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context || width === 0) return;
    const ratio = window.devicePixelRatio || 1;
    canvas.current.width = Math.round(width * ratio);
    canvas.current.height = Math.round(height * ratio);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    if (data && scale) drawLatency({ context, data, scale, geometry, zone });
  }, [data, scale, geometry, width, height, zone, scheme]);

  const placeOf = (event: PointerEvent): Place => {
    const box = event.currentTarget.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const onPointerUp = (event: PointerEvent) => {
    if (!drag || !data || !scale) return;
    setDrag(undefined);
    const { from, to } = { from: drag.from, to: placeOf(event) };
    if (Math.hypot(from.x - to.x, from.y - to.y) < SHORTEST_DRAG_PX) {
      const cell = cellNear(to, data.cells, scale, geometry);
      if (cell) on.onOpen(cell);
      return;
    }
    const isInHistogram = from.x > geometry.right;
    on.onZoom({
      from: isInHistogram ? scale.from : Math.floor(timeAt(Math.min(from.x, to.x), scale, geometry)),
      to: isInHistogram ? scale.to : Math.ceil(timeAt(Math.max(from.x, to.x), scale, geometry)),
      shortest: bandStart(bandAtY(Math.max(from.y, to.y), scale, geometry)),
      longest: bandStart(bandAtY(Math.min(from.y, to.y), scale, geometry)),
    });
  };

  const dot = hovered && data && scale ? dotOf(hovered, scale, geometry) : undefined;
  return (
    <div ref={box} className={styles.chart} style={{ height }} data-is-old={isOld}>
      <canvas
        ref={canvas}
        className={styles.canvas}
        role="img"
        aria-label={spoken(data, things)}
        style={{ cursor: hovered && !drag ? "pointer" : "crosshair" }}
        onPointerDown={(event) => {
          if (event.button !== 0) return;
          event.currentTarget.setPointerCapture(event.pointerId);
          setDrag({ from: placeOf(event), to: placeOf(event) });
        }}
        onPointerMove={(event) => {
          const place = placeOf(event);
          if (drag) setDrag({ from: drag.from, to: place });
          setHovered(data && scale ? cellNear(place, data.cells, scale, geometry) : undefined);
        }}
        onPointerUp={onPointerUp}
        onPointerCancel={() => setDrag(undefined)}
        onPointerLeave={() => setHovered(undefined)}
        onDoubleClick={on.onBack}
      />
      {drag && <i className={styles.area} style={areaOf(drag, geometry)} />}
      {data && hovered && dot && !drag && (
        <div
          className={styles.reading}
          style={
            dot.x > width / 2
              ? { right: width - dot.x + 12, top: Math.min(dot.y, height - 76) }
              : { left: dot.x + 12, top: Math.min(dot.y, height - 76) }
          }
          aria-hidden="true"
        >
          <b>
            {wholeNumber(hovered.spans)} {hovered.spans === 1 ? things.one : things.many}
            {hovered.errors > 0 && `, ${wholeNumber(hovered.errors)} failed`}
          </b>
          <span>
            {hovered.spans === 1
              ? durationText(Number(hovered.longest.duration))
              : `${durationText(bandStart(hovered.band))} to ${durationText(Number(hovered.longest.duration))}`}
          </span>
          <span>
            {dateAndTime(hovered.spans === 1 ? hovered.longest.time : hovered.time, zone)}
            {hovered.spans > 1 && ` – ${clockTime(hovered.time + data.interval, zone).slice(0, 8)}`}
          </span>
          <em>{hovered.spans === 1 ? "Click to open it" : "Click to open the longest"}</em>
        </div>
      )}
    </div>
  );
}

function areaOf(
  { from, to }: { readonly from: Place; readonly to: Place },
  { left, right, edge, top, bottom }: ReturnType<typeof geometryOf>,
) {
  const isInHistogram = from.x > right;
  const within = (value: number, low: number, high: number) => Math.max(low, Math.min(high, value));
  const [x, toX] = isInHistogram
    ? [left, edge]
    : [within(Math.min(from.x, to.x), left, right), within(Math.max(from.x, to.x), left, right)];
  const y = within(Math.min(from.y, to.y), top, bottom);
  return { left: x, width: toX - x, top: y, height: within(Math.max(from.y, to.y), top, bottom) - y };
}

function spoken(data: LatencyResponse | undefined, { one, many }: LatencyChartProps["things"]): string {
  if (!data?.quantiles) return `How long ${many} took, over time`;
  const { p50, p90, p99 } = data.quantiles;
  return `${wholeNumber(data.spans)} ${data.spans === 1 ? one : many}, ${wholeNumber(data.errors)} failed; half took less than ${durationText(p50)}, nine of ten less than ${durationText(p90)}, 99 of a hundred less than ${durationText(p99)}`;
}
