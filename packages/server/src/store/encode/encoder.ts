import type { EncodedRows } from "../../record/encoded-records.ts";
import { ID_STEP } from "../id.ts";
import { ByteWriter, WriterFullError } from "./byte-writer.ts";
import { type Column, Column64 } from "./columns.ts";
import { Packed, Unpacked } from "./packed.ts";
import { type TimeBounds, timeBounds } from "./timestamps.ts";

/** Rows of a table, in ClickHouse's Native format: gives out runs of them. */
export interface Rows {
  readonly table: string;
  /** Names of the columns in a block, for the INSERT. */
  readonly columns: readonly string[];
  /** How many there are. */
  readonly rows: number;
  /** Bytes of these rows, about. */
  readonly bytes: number;
  /**
   * The rows from `from` up to but not including `to` as the parts of blocks; all of them when nothing is said.
   * Valid until the next write.
   *
   * @param firstId the id of the first of these rows; the following go up by `ID_STEP`
   */
  block(firstId: bigint, from?: number, to?: number): Uint8Array[];
}

/** Records as rows of a table: gathers them. */
export interface Encoder<T> extends Rows {
  /**
   * Adds a row. Throws when the record can't be encoded, and is as it was before.
   *
   * @param receiver kept with the record
   * @param bounds which times are believed
   */
  add(record: T, receiver: string, bounds: TimeBounds): void;
  /** Gives all rows away, for another thread, and is as after a {@link reset}. */
  release(): EncodedRows;
  /** Makes a new encoder hold what one of its kind has released. It can't take more then. */
  adopt(encoded: EncodedRows): Rows;
  reset(): void;
}

/** How the records of one table fill its columns. */
export interface TableColumns<T> {
  readonly table: string;
  /** All but the id. */
  readonly columns: readonly Column[];
  add(record: T, receiver: string, bounds: TimeBounds): void;
}

export function createEncoder<T>({ table, columns, add }: TableColumns<T>): Encoder<T> {
  let rows = 0;
  const reset = (): void => {
    for (const column of columns) column.reset();
    rows = 0;
  };
  const encoder: Encoder<T> = {
    table,
    columns: [...columns.map(({ name }) => name), "Id"],
    get rows() {
      return rows;
    },
    get bytes() {
      return columns.reduce((sum, column) => sum + column.size, rows * 8);
    },
    add(record, receiver, bounds) {
      try {
        add(record, receiver, bounds);
      } catch (error) {
        for (const column of columns) column.truncate(rows);
        throw error;
      }
      rows++;
    },
    block(firstId, from = 0, to = rows) {
      const head = new ByteWriter(64);
      head.varint(columns.length + 1);
      head.varint(to - from);
      return [
        head.written(),
        ...columns.flatMap((column) => [header(column), ...column.slice(from, to, rows)]),
        ...idColumn(firstId, to - from),
      ];
    },
    release() {
      const packed = new Packed();
      for (const column of columns) column.release(packed);
      const released = { table, rows, ...packed };
      reset();
      return released;
    },
    adopt(encoded) {
      if (encoded.table !== table) throw new TypeError(`${encoded.table} is not ${table}.`);
      const unpacked = new Unpacked(encoded);
      for (const column of columns) column.adopt(unpacked);
      rows = encoded.rows;
      return encoder;
    },
    reset,
  };
  return encoder;
}

function header({ name, type, prefix }: Column): Uint8Array {
  const writer = new ByteWriter(128);
  writer.string(name);
  writer.string(type);
  if (prefix !== undefined) writer.bytes(prefix);
  return writer.written();
}

/** Ids are given when a block is made, not when its rows are added: they ascend in the order of commits. */
function idColumn(firstId: bigint, rows: number): readonly Uint8Array[] {
  const ids = new Column64("Id", "UInt64");
  for (let row = 0; row < rows; row++) ids.add(firstId + BigInt(row) * ID_STEP);
  return [header(ids), ...ids.slice(0, rows)];
}

/** Records of one receiver. */
export interface EncodeSource<T> {
  readonly records: readonly T[];
  readonly receiver: string;
}

/** Milliseconds after which encoding lets others run. */
const SLICE_MS = 5;
/** Rows between two looks at the clock. */
const LOOK_EVERY = 128;

/**
 * Hot path. Adds records in slices that yield to the event loop, so that a large request delays nobody. A promise comes
 * only of one that takes more than a slice: many requests hold one record, and take less than a promise does.
 *
 * @param now milliseconds since 1970
 * @param onRefused called with how many can't be encoded, and why; the others are added
 */
export function encodeSliced<T>(
  encoder: Encoder<T>,
  source: EncodeSource<T>,
  now: number,
  onRefused: (error: unknown, count: number) => void,
): Promise<void> | undefined {
  const slices = slicesOf(encoder, source, now, onRefused);
  return slices.next().done ? undefined : encodeRest(slices);
}

async function encodeRest(slices: Generator<undefined>): Promise<void> {
  do await new Promise(setImmediate);
  while (!slices.next().done);
}

/** The same where nobody waits: on a thread of its own. */
export function encodeAtOnce<T>(
  encoder: Encoder<T>,
  source: EncodeSource<T>,
  now: number,
  onRefused: (error: unknown, count: number) => void,
): void {
  for (const _ of slicesOf(encoder, source, now, onRefused));
}

function* slicesOf<T>(
  encoder: Encoder<T>,
  { records, receiver }: EncodeSource<T>,
  now: number,
  onRefused: (error: unknown, count: number) => void,
): Generator<undefined> {
  const bounds = timeBounds(now);
  let sliceEnd = performance.now() + SLICE_MS;
  let untilLook = LOOK_EVERY;
  let left = records.length;
  for (const record of records) {
    try {
      encoder.add(record, receiver, bounds);
    } catch (error) {
      // Those behind it are of the same kind, and each refusal costs a walk through the rows before.
      const isFull = error instanceof WriterFullError;
      onRefused(error, isFull ? left : 1);
      if (isFull) return;
    }
    left--;
    if (--untilLook > 0) continue;
    untilLook = LOOK_EVERY;
    if (performance.now() < sliceEnd) continue;
    yield;
    sliceEnd = performance.now() + SLICE_MS;
  }
}
