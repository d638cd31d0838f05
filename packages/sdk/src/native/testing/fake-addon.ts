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
  /** The halves of the id of the native span that it was made in. */
  readonly span?: readonly [number, number];
}

/** A span as native code would write it when it is closed. */
export interface FakeSpan {
  readonly target: string;
  readonly name: string;
  readonly context: number;
  readonly id: readonly [number, number];
  readonly parent?: readonly [number, number];
  readonly hasFailed?: boolean;
  /** Texts by name. */
  readonly fields?: Readonly<Record<string, string>>;
}

const BATCH_BYTES = 64 * 1024;

/** The words and the text of records, each with its place in front: the plainest batch there can be. */
function writeBatch(out: Uint8Array, records: readonly FakeRecord[], early = 0): number {
  const words: number[] = [];
  let text = "";
  for (const { target, rank, message, context = 0, line = "", field = [], span = [] } of records) {
    text += target + message + line;
    const units = message.length + line.length;
    words.push(3, 0, target.length, 0, 0, 0);
    const fields = field.length > 0 ? 1 : 0;
    words.push(
      1 | (rank << 8) | (span.length > 0 ? IN_SPAN : 0),
      0,
      0,
      0,
      1,
      0,
      context,
      0,
      message.length,
      fields,
    );
    words.push(13 + field.length + span.length, units, line.length, ...field, ...span);
  }
  return write(out, words, text, early);
}

/** Of the first word of a record: it is in a span; of a span: it has failed. */
const IN_SPAN = 1 << 16;
const TEXT = 5;

/** Info spans of a second, with what native code would write out by number written out. */
function writeSpans(out: Uint8Array, spans: readonly FakeSpan[]): number {
  const words: number[] = [];
  let text = "";
  for (const { target, name, context, id, parent = [0, 0], hasFailed = false, fields = {} } of spans) {
    const pairs = Object.entries(fields);
    const tail = [0, pairs.length, name.length];
    let said = name;
    for (const [key, value] of pairs) {
      tail.push(TEXT, key.length, value.length);
      said += key + value;
    }
    words.push(3, 0, target.length, 0, 0, 0);
    words.push(5 | (2 << 8) | (hasFailed ? IN_SPAN : 0), 0, 10, 250_000_000, 11, 500, context);
    words.push(1, 0, 0, 17 + tail.length, said.length, 0, ...id, ...parent, ...tail);
    text += target + said;
  }
  return write(out, words, text, 0);
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
  lostSpans: number;
  wake(): void;
  drain(): void;
  capture(): number;
}

export function fakeAddon(): FakeAddon {
  const addon: FakeAddon = {
    version: 3,
    spanVersion: 1,
    batchBytes: BATCH_BYTES,
    waiting: [],
    filters: [],
    areLinesWanted: false,
    lost: 0,
    lostSpans: 0,
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
    droppedSpans: () => addon.lostSpans,
  };
  return addon;
}

export function batchOf(...records: readonly FakeRecord[]): (out: Uint8Array) => number {
  return (out) => writeBatch(out, records);
}

export function earlyBatchOf(...records: readonly FakeRecord[]): (out: Uint8Array) => number {
  return (out) => writeBatch(out, records, records.length);
}

export function spanBatchOf(...spans: readonly FakeSpan[]): (out: Uint8Array) => number {
  return (out) => writeSpans(out, spans);
}
