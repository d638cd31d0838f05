import type { Colours } from "./colours.ts";
import { cut } from "./terminal-text.ts";

export interface Progress {
  /** What is worked on, such as a file's name; safe to print. */
  readonly label: string;
  readonly doneBytes: number;
  /** Undefined when nobody knows, as with a pipe. */
  readonly totalBytes: number | undefined;
  readonly records: number;
  /** Milliseconds since the start. */
  readonly elapsed: number;
}

const BAR = 20;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"] as const;

/** How far a piece of work is, on one line of at most `width` columns. */
export function progressLine(progress: Progress, width: number, { dim, accent }: Colours): string {
  const { label, doneBytes, totalBytes, records, elapsed } = progress;
  const share = totalBytes ? Math.min(1, doneBytes / totalBytes) : undefined;
  const rate = elapsed > 0 ? (records / elapsed) * 1000 : 0;
  const facts = [
    `${thousands(records)} records`,
    `${thousands(Math.round(rate))}/s`,
    ...(share === undefined ? [] : remaining(share, elapsed)),
  ].join("  ");
  const bar = share === undefined ? "" : `${barOf(share)} ${String(Math.floor(share * 100)).padStart(3)}%  `;
  const room = width - 1 - bar.length - facts.length - 2;
  const name = room >= 8 ? `${cut(label, room)}  ` : "";
  return (
    name + accent(bar.slice(0, BAR)) + bar.slice(BAR) + dim(cut(facts, Math.max(1, width - 1 - bar.length)))
  );
}

function barOf(share: number): string {
  const eighths = Math.round(share * BAR * 8);
  return ("█".repeat(eighths >> 3) + EIGHTHS[eighths & 7]).padEnd(BAR);
}

/** The time that is left, once there is something to tell it from. */
function remaining(share: number, elapsed: number): string[] {
  if (share < 0.02 || elapsed < 1000 || share === 1) return [];
  return [`${duration(((1 - share) / share) * elapsed)} left`];
}

/**
 * A length of time for people.
 *
 * @example
 * duration(75_000); // "1 min 15 s"
 */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 60) return `${Math.round(seconds)} s`;
  const minutes = Math.floor(seconds / 60);
  return minutes < 60
    ? `${minutes} min ${Math.round(seconds) % 60} s`
    : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/**
 * A count for people.
 *
 * @example
 * thousands(1234567); // "1,234,567"
 */
export function thousands(count: number): string {
  return count.toLocaleString("en");
}

/** Draws progress over itself on the last line of a terminal, at most ten times a second. */
export interface ProgressDisplay {
  update(progress: Progress): void;
  /** Takes the line away. */
  clear(): void;
}

const FRAME = 100;

export function progressDisplay(stream: NodeJS.WriteStream, colours: Colours): ProgressDisplay {
  let drawn = 0;
  return {
    update(progress) {
      const now = Date.now();
      if (now - drawn < FRAME) return;
      drawn = now;
      stream.write(`\r\x1b[K${progressLine(progress, stream.columns || 80, colours)}`);
    },
    clear() {
      if (drawn > 0) stream.write("\r\x1b[K");
      drawn = 0;
    },
  };
}
