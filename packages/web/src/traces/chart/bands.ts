import type { BANDS_A_DOUBLING as BandsADoubling, LatencyResponse } from "@polylog/server/contract";

/** The contract's own number: as a value it would bring all schemas into the page. */
const BANDS_A_DOUBLING: typeof BandsADoubling = 4;

/** The shortest time of a band, in nanoseconds. */
export function bandStart(band: number): number {
  return 2 ** (band / BANDS_A_DOUBLING);
}

/** The place of a length of time among the bands, between two of them. */
export function bandAt(nanoseconds: number): number {
  return Math.log2(Math.max(1, nanoseconds)) * BANDS_A_DOUBLING;
}

/** The bands that a chart shows, `high` exclusive. */
export interface Bands {
  readonly low: number;
  readonly high: number;
}

/** Fewer would make one slow span look like a wall. */
const FEWEST = 12;

/** All bands that have spans, with a little room. */
export function bandsOf(cells: LatencyResponse["cells"]): Bands {
  let low = Number.POSITIVE_INFINITY;
  let high = Number.NEGATIVE_INFINITY;
  for (const { band } of cells) {
    if (band < low) low = band;
    if (band > high) high = band;
  }
  if (low > high) return { low: bandAt(1e6), high: bandAt(1e9) };
  const missing = Math.max(0, FEWEST - (high - low));
  return { low: Math.max(0, low - 1 - Math.floor(missing / 2)), high: high + 2 + Math.ceil(missing / 2) };
}

/** How many spans are in each band, the failed ones apart. */
export function byBand(
  cells: LatencyResponse["cells"],
): ReadonlyMap<number, { readonly spans: number; readonly errors: number }> {
  const sums = new Map<number, { spans: number; errors: number }>();
  for (const { band, spans, errors } of cells) {
    const sum = sums.get(band) ?? { spans: 0, errors: 0 };
    sum.spans += spans;
    sum.errors += errors;
    sums.set(band, sum);
  }
  return sums;
}

/** Powers of ten, and between them 2 and 5 where there is room: lengths of time for an axis, in nanoseconds. */
export function lengthsOf({ low, high }: Bands, most: number): readonly number[] {
  const from = bandStart(low);
  const to = bandStart(high);
  for (const steps of [[1, 2, 5], [1]]) {
    const lengths: number[] = [];
    for (let power = 10 ** Math.floor(Math.log10(from)); power <= to; power *= 10) {
      for (const step of steps) if (step * power >= from && step * power <= to) lengths.push(step * power);
    }
    if (lengths.length <= most) return lengths;
    if (steps.length === 1)
      return lengths.filter((_, index) => index % Math.ceil(lengths.length / most) === 0);
  }
  return [];
}
