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

/** What is drawn closer than this share of the window, in percent, is drawn as one: less than a pixel apart. */
const FINEST = 0.05;

/**
 * Where stretches lie in the window, those that touch or nearly do as one. A job that waits for 100,000 children has as
 * many stretches between them.
 *
 * @param stretches in order of time
 */
export function stretchesIn(
  window: TimeWindow,
  stretches: readonly TimeWindow[] | undefined,
): readonly { readonly left: number; readonly width: number }[] {
  const drawn: { left: number; width: number }[] = [];
  for (const { start, end } of stretches ?? []) {
    const place = placeIn(window, start, end);
    if (!place) continue;
    const last = drawn.at(-1);
    if (last && place.left - (last.left + last.width) < FINEST)
      last.width = place.left + place.width - last.left;
    else drawn.push({ ...place });
  }
  return drawn;
}

/** Where moments lie in the window, in percent; of those on one spot the first stands for all. */
export function marksIn<Mark extends { readonly at: number }>(
  window: TimeWindow,
  marks: readonly Mark[],
): readonly { readonly mark: Mark; readonly left: number }[] {
  const drawn = new Map<number, { mark: Mark; left: number }>();
  for (const mark of marks) {
    const place = placeIn(window, mark.at, mark.at);
    if (!place) continue;
    const spot = Math.round(place.left / FINEST);
    if (!drawn.has(spot)) drawn.set(spot, { mark, left: place.left });
  }
  return [...drawn.values()];
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
