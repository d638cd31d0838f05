import type { LogRow, TailRows } from "@polylog/server/contract";

/** Rows that a tail keeps on the page; a reader who wants older ones searches. */
export const SHOWN_AT_MOST = 5000;
/** Rows that wait while the reader reads. Beyond, the oldest waiting ones give way. */
export const WAITING_AT_MOST = 5000;

/** The rows of a live tail: those that are shown, newest first, and those that wait, oldest first. */
export interface TailBuffer {
  readonly shown: readonly LogRow[];
  readonly waiting: readonly LogRow[];
  /** How many have come while paused, those that gave way included. */
  readonly waitingCount: number;
}

export const EMPTY_TAIL: TailBuffer = { shown: [], waiting: [], waitingCount: 0 };

/** Adds what has come. */
export function receive(tail: TailBuffer, rows: readonly LogRow[], isPaused: boolean): TailBuffer {
  if (rows.length === 0) return tail;
  if (!isPaused) {
    return { ...tail, shown: [...rows].reverse().concat(tail.shown).slice(0, SHOWN_AT_MOST) };
  }
  return {
    ...tail,
    waiting: tail.waiting.concat(rows).slice(-WAITING_AT_MOST),
    waitingCount: tail.waitingCount + rows.length,
  };
}

/** Shows what has waited. */
export function release(tail: TailBuffer): TailBuffer {
  if (tail.waitingCount === 0) return tail;
  return { ...receive({ ...EMPTY_TAIL, shown: tail.shown }, tail.waiting, false) };
}

/**
 * The rows of the list: what came live above what the search found. The tail begins a little before the search
 * ended, so that nothing falls between them; what had arrived by then is in the search, in the order of its time.
 * When the tail has dropped rows the search's are left out, because there would be a hole between them.
 */
export function joinTail(tail: TailBuffer, found: readonly LogRow[]): readonly LogRow[] {
  if (tail.shown.length === 0) return found;
  if (tail.shown.length >= SHOWN_AT_MOST) return tail.shown;
  const newest = found.reduce((id, row) => (isLater(row.id, id) ? row.id : id), "");
  return tail.shown.filter((row) => isLater(row.id, newest)).concat(found);
}

/** Whether an id is of a later arrival than another; both are decimal text of 64-bit numbers. */
function isLater(id: string, other: string): boolean {
  return id.length === other.length ? id > other : id.length > other.length;
}

/** What came in one message of the tail, and when. */
export interface TailBeat {
  readonly at: number;
  readonly matched: number;
  readonly sent: number;
}

/** Rates are those of this long. */
const RATE_WINDOW_MS = 5000;

/** Rows a second that matched and that were sent, of the last seconds; `undefined` while all are sent. */
export function sampling(
  beats: readonly TailBeat[],
  now: number,
): { readonly matched: number; readonly sent: number } | undefined {
  const recent = beats.filter((beat) => now - beat.at < RATE_WINDOW_MS);
  const matched = recent.reduce((sum, beat) => sum + beat.matched, 0);
  const sent = recent.reduce((sum, beat) => sum + beat.sent, 0);
  if (matched <= sent) return undefined;
  const first = recent[0]?.at ?? now;
  const seconds = Math.max(1, Math.min(RATE_WINDOW_MS, now - first) / 1000);
  return { matched: Math.round(matched / seconds), sent: Math.round(sent / seconds) };
}

export function beatOf(message: TailRows, at: number): TailBeat {
  return { at, matched: message.matched, sent: message.rows.length };
}
