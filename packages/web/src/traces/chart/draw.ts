import type { LatencyResponse } from "@polylog/server/contract";
import { shortCount } from "../../fields/numbers.ts";
import { durationText } from "../../time/duration.ts";
import { clockTime, shortDay, shortTime } from "../../time/format.ts";
import type { Zone } from "../../time/zone.ts";
import { byBand, lengthsOf } from "./bands.ts";
import { dotOf, type Geometry, type Scale, xOf, yOf, yOfLength } from "./geometry.ts";
import { timesOf } from "./times.ts";

interface Drawing {
  readonly context: CanvasRenderingContext2D;
  readonly data: LatencyResponse;
  readonly scale: Scale;
  readonly geometry: Geometry;
  readonly zone: Zone;
}

const DAY_MS = 86_400_000;
const LABEL_HEIGHT = 26;
/** Dots that lie on one another are darker than one. */
const FILLED = 0.78;
const LABEL_WIDTH = 110;

/** Draws dots of spans over time and length, and beside them how many there are of each length. */
export function drawLatency(drawing: Drawing): void {
  const { context } = drawing;
  const style = getComputedStyle(context.canvas);
  const color = (name: string) => style.getPropertyValue(name).trim();
  context.font = `11px ${style.fontFamily}`;
  context.textBaseline = "middle";
  drawAxes(drawing, color);
  drawDots(drawing, color);
  drawHistogram(drawing, color);
  drawQuantiles(drawing, color);
}

type Color = (name: string) => string;

function drawAxes({ context, scale, geometry, zone }: Drawing, color: Color): void {
  const { left, right, top, bottom, edge } = geometry;
  context.strokeStyle = color("--line");
  context.fillStyle = color("--text-dim");
  context.lineWidth = 1;
  context.textAlign = "right";
  for (const length of lengthsOf(scale.bands, Math.max(2, Math.floor((bottom - top) / LABEL_HEIGHT)))) {
    const y = Math.round(yOfLength(length, scale, geometry)) + 0.5;
    line(context, left, y, edge, y);
    context.fillText(durationText(length), left - 6, y);
  }
  context.textAlign = "center";
  for (const time of timesOf(scale, Math.max(2, Math.floor((right - left) / LABEL_WIDTH)), zone)) {
    const x = xOf(time, scale, geometry);
    if (x > left + 20 && x < right - 20) context.fillText(timeText(time, scale, zone), x, bottom + 11);
  }
}

function timeText(time: number, { from, to }: Scale, zone: Zone): string {
  if (to - from > DAY_MS) return `${shortDay(time, zone)} ${shortTime(time, zone)}`;
  return to - from < 600_000 ? clockTime(time, zone).slice(0, 8) : shortTime(time, zone);
}

function drawDots({ context, data, scale, geometry }: Drawing, color: Color): void {
  const plain = color("--accent");
  const failed = color("--severity-error");
  const ground = color("--ground");
  for (const cell of data.cells) {
    const { x, y, radius } = dotOf(cell, scale, geometry);
    if (cell.errors < cell.spans) {
      context.globalAlpha = FILLED;
      context.fillStyle = plain;
      context.beginPath();
      context.arc(x, y, radius, 0, 2 * Math.PI);
      context.fill();
    }
    if (cell.errors === 0) continue;
    // A shape of its own: red alone tells nothing to one reader in twenty.
    context.globalAlpha = 1;
    context.fillStyle = failed;
    context.strokeStyle = ground;
    const half = Math.max(3.4, radius * (0.75 + 0.5 * (cell.errors / cell.spans)));
    context.beginPath();
    context.moveTo(x, y - half);
    context.lineTo(x + half, y);
    context.lineTo(x, y + half);
    context.lineTo(x - half, y);
    context.closePath();
    context.fill();
    context.stroke();
  }
  context.globalAlpha = 1;
}

function drawHistogram({ context, data, scale, geometry }: Drawing, color: Color): void {
  const begin = geometry.right + 10;
  const width = geometry.edge - begin;
  if (width < 20) return;
  const bands = byBand(data.cells);
  const most = Math.max(1, ...[...bands.values()].map(({ spans }) => spans));
  const height = Math.max(1, yOf(0, scale, geometry) - yOf(1, scale, geometry) - 0.5);
  context.strokeStyle = color("--line-strong");
  line(context, begin + 0.5, geometry.top, begin + 0.5, geometry.bottom);
  for (const [band, { spans, errors }] of bands) {
    const y = yOf(band + 1, scale, geometry);
    context.globalAlpha = FILLED;
    context.fillStyle = color("--accent");
    context.fillRect(begin + 1, y, Math.max(1, (spans / most) * width), height);
    context.globalAlpha = 1;
    if (errors === 0) continue;
    context.fillStyle = color("--severity-error");
    context.fillRect(begin + 1, y, Math.max(1.5, (errors / most) * width), height);
  }
  context.fillStyle = color("--text-dim");
  context.textAlign = "right";
  context.fillText(shortCount(most), geometry.edge, geometry.bottom + 11);
  context.textAlign = "left";
  context.fillText("0", begin, geometry.bottom + 11);
}

function drawQuantiles({ context, data, scale, geometry }: Drawing, color: Color): void {
  if (data.quantiles === null) return;
  context.textAlign = "left";
  let lowest = Number.POSITIVE_INFINITY;
  for (const name of ["p50", "p90", "p99"] as const) {
    const y = Math.round(yOfLength(data.quantiles[name], scale, geometry)) + 0.5;
    context.strokeStyle = color("--text-dim");
    context.setLineDash([4, 4]);
    line(context, geometry.left, y, geometry.edge, y);
    context.setLineDash([]);
    // Of two that would lie on one another, the lower one is told.
    if (lowest - y < 13) continue;
    lowest = y;
    const text = `${name} ${durationText(data.quantiles[name])}`;
    const width = context.measureText(text).width + 8;
    context.fillStyle = color("--ground");
    context.fillRect(geometry.left + 2, y - 7, width, 14);
    context.fillStyle = color("--text-muted");
    context.fillText(text, geometry.left + 6, y);
  }
}

function line(context: CanvasRenderingContext2D, x: number, y: number, toX: number, toY: number): void {
  context.beginPath();
  context.moveTo(x, y);
  context.lineTo(toX, toY);
  context.stroke();
}
