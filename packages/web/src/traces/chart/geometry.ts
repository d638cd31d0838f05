import type { LatencyResponse } from "@polylog/server/contract";
import { type Bands, bandAt } from "./bands.ts";

/** Where a chart draws: pixels of the canvas. The histogram stands right of the scatter and shares its axis. */
export interface Geometry {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  /** Where the histogram ends; 0 wide where there is no room. */
  readonly edge: number;
}

const AXIS_LEFT = 58;
const AXIS_BOTTOM = 20;
const GAP = 10;
const HISTOGRAM_SHARE = 0.16;
const NARROWEST_WITH_HISTOGRAM = 460;

export function geometryOf(width: number, height: number): Geometry {
  const histogram = width < NARROWEST_WITH_HISTOGRAM ? 0 : Math.round(width * HISTOGRAM_SHARE);
  return {
    left: AXIS_LEFT,
    right: width - GAP - (histogram === 0 ? 0 : histogram + GAP),
    top: 8,
    bottom: height - AXIS_BOTTOM,
    edge: width - GAP,
  };
}

/** What the axes mean: time from left to right, bands from bottom to top. */
export interface Scale {
  readonly from: number;
  readonly to: number;
  readonly bands: Bands;
}

export function xOf(time: number, { from, to }: Scale, { left, right }: Geometry): number {
  return left + ((time - from) / (to - from)) * (right - left);
}

export function timeAt(x: number, { from, to }: Scale, { left, right }: Geometry): number {
  return from + clamp((x - left) / (right - left)) * (to - from);
}

export function yOf(band: number, { bands }: Scale, { top, bottom }: Geometry): number {
  return bottom - ((band - bands.low) / (bands.high - bands.low)) * (bottom - top);
}

export function yOfLength(nanoseconds: number, scale: Scale, geometry: Geometry): number {
  return yOf(bandAt(nanoseconds), scale, geometry);
}

export function bandAtY(y: number, { bands }: Scale, { top, bottom }: Geometry): number {
  return bands.low + clamp((bottom - y) / (bottom - top)) * (bands.high - bands.low);
}

function clamp(share: number): number {
  return Math.max(0, Math.min(1, share));
}

type Cell = LatencyResponse["cells"][number];

/** A cell's dot: it stands where the longest of its spans does, and is the larger the more there are. */
export function dotOf({ longest, spans }: Cell, scale: Scale, geometry: Geometry) {
  return {
    x: xOf(Math.max(scale.from, Math.min(longest.time, scale.to)), scale, geometry),
    y: yOfLength(Number(longest.duration), scale, geometry),
    radius: radiusOf(spans),
  };
}

/** In pixels: a dot of a thousand spans is thrice as large as one of one. */
function radiusOf(spans: number): number {
  return Math.min(6, 2.2 + Math.log10(spans) * 1.25);
}

/** The cell whose dot is next to a place, within reach of a hand. */
export function cellNear(
  place: { readonly x: number; readonly y: number },
  cells: readonly Cell[],
  scale: Scale,
  geometry: Geometry,
): Cell | undefined {
  const REACH = 9;
  let nearest: Cell | undefined;
  let least = REACH;
  for (const cell of cells) {
    const { x, y } = dotOf(cell, scale, geometry);
    const distance = Math.hypot(x - place.x, y - place.y);
    if (distance < least) {
      least = distance;
      nearest = cell;
    }
  }
  return nearest;
}
