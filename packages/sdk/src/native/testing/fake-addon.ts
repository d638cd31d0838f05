import type { NativeAddon } from "../addon.ts";

/** A record as native code would write it. */
export interface FakeRecord {
  readonly target: string;
  readonly rank: number;
  readonly message: string;
  readonly context?: number;
  /** What follows the message in its text line. */
  readonly line?: string;
  /** The words of a field. */
  readonly field?: readonly number[];
}

const BATCH_BYTES = 64 * 1024;

/** The words and the text of records, each with its place in front: the plainest batch there can be. */
function writeBatch(out: Uint8Array, records: readonly FakeRecord[], early = 0): number {
  const words: number[] = [];
  let text = "";
  for (const { target, rank, message, context = 0, line = "", field = [] } of records) {
    text += target + message + line;
    const units = message.length + line.length;
    words.push(3, 0, target.length, 0, 0, 0);
    const fields = field.length > 0 ? 1 : 0;
    words.push(1 | (rank << 8), 0, 0, 0, 1, 0, context, 0, message.length, fields);
    words.push(13 + field.length, units, line.length, ...field);
  }
  return write(out, words, text, early);
}

/** Gives a context back. */
export function writeRelease(out: Uint8Array, context: number): number {
  return write(out, [4, context], "", 0);
}

function write(out: Uint8Array, words: readonly number[], text: string, early: number): number {
  const all = [5 + words.length, text.length, 0, early, 0, ...words];
  new Uint32Array(out.buffer, 0, all.length).set(all);
  Buffer.from(out.buffer).write(text, all.length * 4, "latin1");
  return all.length * 4 + text.length;
}

/** An addon whose native side is a list. */
export interface FakeAddon extends NativeAddon {
  /** Batches that wait: how each is written. */
  readonly waiting: ((out: Uint8Array) => number)[];
  readonly filters: string[];
  areLinesWanted: boolean;
  lost: number;
  wake(): void;
  drain(): void;
  capture(): number;
}

export function fakeAddon(): FakeAddon {
  const addon: FakeAddon = {
    version: 3,
    batchBytes: BATCH_BYTES,
    waiting: [],
    filters: [],
    areLinesWanted: false,
    lost: 0,
    wake: () => {},
    drain: () => {},
    capture: () => 0,
    connect(wake, drain, capture) {
      Object.assign(addon, { wake, drain, capture });
    },
    take: (batch) => addon.waiting.shift()?.(batch) ?? 0,
    wakeAgain: () => void setImmediate(() => addon.wake()),
    rest: () => {},
    setFilter(filter, areLinesWanted) {
      addon.filters.push(filter);
      addon.areLinesWanted = areLinesWanted;
    },
    sent: () => 0,
    dropped: () => addon.lost,
  };
  return addon;
}

export function batchOf(...records: readonly FakeRecord[]): (out: Uint8Array) => number {
  return (out) => writeBatch(out, records);
}

export function earlyBatchOf(...records: readonly FakeRecord[]): (out: Uint8Array) => number {
  return (out) => writeBatch(out, records, records.length);
}
