import type { Attributes } from "../../record/record.ts";
import {
  FIELD_COUNTS,
  FIELD_COUNTS_TYPE,
  FIELD_KIND,
  NAMES_A_BLOCK,
  VALUE_BYTES,
  VALUES_A_NAME,
} from "../schema/log-fields.ts";
import { ByteWriter } from "./byte-writer.ts";
import type { Column, Column64 } from "./columns.ts";
import type { MapColumn } from "./map-column.ts";
import type { Packed, Unpacked } from "./packed.ts";
import { ValueCounts } from "./value-counts.ts";

const NANOSECONDS_AN_HOUR = 3_600_000_000_000;
const SECONDS_AN_HOUR = 3600;
/** Names that are counted in a block, of which the most frequent are kept. */
const MOST_NAMES = 2 * NAMES_A_BLOCK;

/** The columns of attributes, and the times of their rows. */
export interface CountedColumns {
  readonly timestamp: Column64;
  readonly logAttributes: MapColumn;
  readonly resourceAttributes: MapColumn;
  readonly scopeAttributes: MapColumn;
}

/** One attribute within an hour. */
interface FieldCount {
  /** Since 1970. */
  readonly hour: number;
  readonly kind: number;
  readonly name: string;
  readonly total: number;
  /** Each value and how often it was there; undefined when they are too many. */
  readonly values: readonly (readonly [value: string, count: number])[] | undefined;
}

/**
 * Hot path: the column that tells how often each attribute has each value in a block, in its first row. From there a view
 * fills `log_fields`, which so is filled exactly when the rows are stored. The engine would need more than twice the time.
 * Bench: `encode`.
 *
 * It is read from the other columns, so that a part of a block tells of its own rows.
 */
export class FieldCountsColumn implements Column {
  readonly name = FIELD_COUNTS;
  readonly type = FIELD_COUNTS_TYPE;
  readonly size = 0;
  readonly #columns: CountedColumns;
  #counter: FieldCounter;
  /** All rows, as they were counted on another thread. */
  #adopted: { readonly rows: number; readonly counts: readonly Uint8Array[] } | undefined;

  constructor(columns: CountedColumns) {
    this.#columns = columns;
    this.#counter = new FieldCounter(columns, 0);
  }

  /** Counts the row that was written last, which all other columns have. */
  endRow(): void {
    this.#counter.count();
  }

  slice(from: number, to: number): readonly Uint8Array[] {
    if (from === 0 && to === this.#adopted?.rows) return this.#adopted.counts;
    let counter = this.#counter;
    if (from !== 0 || to !== counter.end) {
      counter = new FieldCounter(this.#columns, from);
      while (counter.end < to) counter.count();
    }
    return encode(counter.fields(), to - from);
  }

  /** Nothing to do: a row is counted when it is complete. */
  truncate(): void {}

  reset(): void {
    this.#counter = new FieldCounter(this.#columns, 0);
  }

  /** What was counted: parts of the rows are counted again where they are asked for. */
  release(to: Packed): void {
    const rows = this.#counter.end;
    const counts = Buffer.concat(this.slice(0, rows));
    to.take(new Uint8Array(counts), counts.length);
    to.numbers.push(rows);
  }

  adopt(from: Unpacked): void {
    this.#adopted = { rows: from.number(), counts: [from.bytes()] };
  }
}

/** Counts rows one after the other. */
class FieldCounter {
  /** The row that is counted next. */
  end: number;
  readonly #columns: CountedColumns;
  readonly #hours = new Map<number, HourCounter>();
  /** That of the last row. */
  #hour = new HourCounter();
  #lastHour = -1;
  /** Where the values of the next row begin. */
  #values: number;
  #names = 0;
  #bytes: Uint8Array = new Uint8Array(0);

  constructor(columns: CountedColumns, from: number) {
    this.#columns = columns;
    this.end = from;
    this.#values = columns.logAttributes.valuesOf(from);
  }

  count(): void {
    const { timestamp, logAttributes, resourceAttributes, scopeAttributes } = this.#columns;
    const row = this.end++;
    const hour = Math.floor(timestamp.about(row) / NANOSECONDS_AN_HOUR);
    if (hour !== this.#lastHour) this.#hour = this.#hourOf(hour);
    this.#values = logAttributes.forEachPair(row, this.#values, this.#take);
    this.#hour.resources.add(resourceAttributes.sharedAt(row));
    this.#hour.scopes.add(scopeAttributes.sharedAt(row));
  }

  readonly #take = (name: number, bytes: Uint8Array, from: number, to: number): void => {
    const { own } = this.#hour;
    let counts = own[name];
    if (counts === undefined) {
      if (this.#names === MOST_NAMES) return;
      this.#names++;
      counts = new ValueCounts();
      own[name] = counts;
    }
    counts.add(bytes, from, to);
    this.#bytes = bytes;
  };

  #hourOf(hour: number): HourCounter {
    this.#lastHour = hour;
    let counter = this.#hours.get(hour);
    if (counter === undefined) {
      counter = new HourCounter();
      // Each has names of its own: what comes later is not kept.
      if (this.#hours.size < MOST_NAMES) this.#hours.set(hour, counter);
    }
    return counter;
  }

  /** The most frequent ones. */
  fields(): FieldCount[] {
    const { logAttributes, resourceAttributes, scopeAttributes } = this.#columns;
    const names = logAttributes.names();
    const resources = resourceAttributes.sharedLists();
    const scopes = scopeAttributes.sharedLists();
    const fields: FieldCount[] = [];
    for (const [hour, counter] of this.#hours) {
      counter.own.forEach((counts, name) => {
        const values = counts.isId ? undefined : [...counts.values()].map(this.#valueOf);
        fields.push({
          hour,
          kind: FIELD_KIND.attribute,
          name: names[name] as string,
          total: counts.total,
          values,
        });
      });
      addShared(fields, hour, FIELD_KIND.resource, counter.resources, resources);
      addShared(fields, hour, FIELD_KIND.scope, counter.scopes, scopes);
    }
    if (fields.length <= NAMES_A_BLOCK) return fields;
    return fields.sort((a, b) => b.total - a.total).slice(0, NAMES_A_BLOCK);
  }

  readonly #valueOf = ({
    from,
    to,
    count,
  }: {
    from: number;
    to: number;
    count: number;
  }): [string, number] => {
    const { buffer, byteOffset } = this.#bytes;
    return [Buffer.from(buffer, byteOffset + from, to - from).toString("utf8"), count];
  };
}

/** What is counted of an hour. */
class HourCounter {
  /** By the numbers of their names. */
  readonly own: ValueCounts[] = [];
  readonly resources = new RunCounter();
  readonly scopes = new RunCounter();
}

/** How often each number was there; equal ones mostly stand together. */
class RunCounter {
  readonly #counts = new Map<number, number>();
  #last = 0;
  #run = 0;

  add(number: number): void {
    if (number !== this.#last) {
      this.#settle();
      this.#last = number;
    }
    this.#run++;
  }

  counts(): ReadonlyMap<number, number> {
    this.#settle();
    return this.#counts;
  }

  #settle(): void {
    if (this.#run > 0) this.#counts.set(this.#last, (this.#counts.get(this.#last) ?? 0) + this.#run);
    this.#run = 0;
  }
}

/** Counts attributes that many rows share once for all of them. */
function addShared(
  fields: FieldCount[],
  hour: number,
  kind: number,
  counter: RunCounter,
  lists: readonly Attributes[],
): void {
  const names = new Map<string, Map<string, number>>();
  for (const [number, count] of counter.counts()) {
    // Zero is a row without any.
    const attributes = number === 0 ? [] : (lists[number - 1] as Attributes);
    for (let i = 0; i + 1 < attributes.length; i += 2) {
      const name = attributes[i] as string;
      let values = names.get(name);
      if (values === undefined) {
        if (names.size === MOST_NAMES) continue;
        values = new Map();
        names.set(name, values);
      }
      const text = attributes[i + 1] as string;
      // Long values are no facets.
      const value = Buffer.byteLength(text) > VALUE_BYTES ? "" : text;
      values.set(value, (values.get(value) ?? 0) + count);
    }
  }
  for (const [name, values] of names) {
    const total = [...values.values()].reduce((sum, count) => sum + count, 0);
    fields.push({ hour, kind, name, total, values: values.size > VALUES_A_NAME ? undefined : [...values] });
  }
}

/** All of them in the first of so many rows. */
function encode(fields: readonly FieldCount[], rows: number): readonly Uint8Array[] {
  const hours = new ByteWriter(1024);
  const kinds = new ByteWriter(1024);
  const names = new ByteWriter(4096);
  const values = new ByteWriter(4096);
  const counts = new ByteWriter(1024);
  let size = 0;
  for (const { hour, kind, name, total, values: each } of fields) {
    for (const [value, count] of each ?? [["", total] as const]) {
      hours.uint32(hour * SECONDS_AN_HOUR);
      kinds.uint8(kind);
      names.string(name);
      values.string(value);
      counts.count(count);
      size++;
    }
  }
  // Where the list of each row ends: of the first, and of all others, which are empty.
  const ends = new BigUint64Array(rows).fill(BigInt(size));
  return [
    new Uint8Array(ends.buffer),
    ...[hours, kinds, names, values, counts].map((writer) => writer.written()),
  ];
}
