import { ID_STEP } from "../id.ts";
import { ByteWriter, WriterFullError } from "./byte-writer.ts";
import { type Column, Column64 } from "./columns.ts";
import { type TimeBounds, timeBounds } from "./timestamps.ts";

/** Records as rows of a table, in ClickHouse's Native format: gathers rows, and gives out runs of them. */
export interface Encoder<T> {
  readonly table: string;
  /** Names of the columns in a block, for the INSERT. */
  readonly columns: readonly string[];
  /** Rows that were added since the last {@link reset}. */
  readonly rows: number;
  /** Bytes of these rows, about. */
  readonly bytes: number;
  /**
   * Adds a row. Throws when the record can't be encoded, and is as it was before.
   *
   * @param receiver kept with the record
   * @param bounds which times are believed
   */
  add(record: T, receiver: string, bounds: TimeBounds): void;
  /**
   * The rows from `from` up to but not including `to` as the parts of one block; all of them when nothing is said.
   * Valid until the next write.
   *
   * @param firstId the id of the first of these rows; the following go up by `ID_STEP`
   */
  block(firstId: bigint, from?: number, to?: number): Uint8Array[];
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
  return {
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
        ...columns.flatMap((column) => [header(column), ...column.slice(from, to)]),
        ...idColumn(firstId, to - from),
      ];
    },
    reset() {
      for (const column of columns) column.reset();
      rows = 0;
    },
  };
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
 * Adds records in slices that yield to the event loop, so that a large request delays nobody.
 *
 * @param now milliseconds since 1970
 * @param onRefused called with how many can't be encoded, and why; the others are added
 */
export async function encodeSliced<T>(
  encoder: Encoder<T>,
  { records, receiver }: EncodeSource<T>,
  now: number,
  onRefused: (error: unknown, count: number) => void,
): Promise<void> {
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
    await new Promise(setImmediate);
    sliceEnd = performance.now() + SLICE_MS;
  }
}
