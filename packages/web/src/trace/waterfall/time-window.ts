/** The part of a trace that the waterfall shows, in nanoseconds since its start. */
export interface TimeWindow {
  readonly start: number;
  readonly end: number;
}

/** A drag may not zoom in further than this. */
const SHORTEST_NS = 100;

/** The part between two shares of the window that is shown, in any order. */
export function zoomInto(window: TimeWindow, one: number, other: number): TimeWindow {
  const width = window.end - window.start;
  const low = Math.max(0, Math.min(one, other));
  const high = Math.min(1, Math.max(one, other));
  const start = window.start + low * width;
  return { start, end: Math.max(start + SHORTEST_NS, window.start + high * width) };
}

/** Where a stretch of time lies in the window, in percent; `undefined` when it lies outside. */
export function placeIn(
  window: TimeWindow,
  start: number,
  end: number,
): { readonly left: number; readonly width: number } | undefined {
  if (end < window.start || start > window.end) return undefined;
  const percent = 100 / (window.end - window.start);
  const from = Math.max(start, window.start);
  const to = Math.min(end, window.end);
  return { left: (from - window.start) * percent, width: (to - from) * percent };
}

const STEPS = [1, 2, 2.5, 5, 10] as const;

/** Round moments for the ruler, about `count` of them. */
export function ruler(window: TimeWindow, count: number): readonly number[] {
  const rough = (window.end - window.start) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = (STEPS.find((one) => one * power >= rough) ?? 10) * power;
  const marks: number[] = [];
  for (let at = Math.ceil(window.start / step) * step; at <= window.end; at += step) marks.push(at);
  return marks;
}
