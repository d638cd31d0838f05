import type { DayOnDisk } from "./days.ts";
import type { PartOfTable, StorageReport, TableOnDisk } from "./on-disk.ts";

/** What two nodes take together. */
export function addReports(a: StorageReport, b: StorageReport): StorageReport {
  return {
    rows: a.rows + b.rows,
    bytes: a.bytes + b.bytes,
    uncompressedBytes: a.uncompressedBytes + b.uncompressedBytes,
    disk: addDisks(a.disk, b.disk),
    tables: merged(a.tables, b.tables, ({ name }) => name, addTables).sort(byBytes),
    days: merged(a.days, b.days, ({ day }) => day, addDays).sort((x, y) => (x.day < y.day ? 1 : -1)),
  };
}

function merged<T>(a: readonly T[], b: readonly T[], keyOf: (one: T) => string, add: (a: T, b: T) => T): T[] {
  const sums = new Map(a.map((one) => [keyOf(one), one]));
  for (const one of b) {
    const key = keyOf(one);
    const known = sums.get(key);
    sums.set(key, known === undefined ? one : add(known, one));
  }
  return [...sums.values()];
}

function addTables(a: TableOnDisk, b: TableOnDisk): TableOnDisk {
  return {
    ...addParts(a, b),
    rows: a.rows + b.rows,
    parts: a.parts + b.parts,
    columns: merged(a.columns, b.columns, ({ name }) => name, addParts).sort(byBytes),
    indexes: merged(a.indexes, b.indexes, ({ name }) => name, addParts).sort(byBytes),
  };
}

function addParts<Part extends PartOfTable>(a: Part, b: Part): Part {
  return { ...a, bytes: a.bytes + b.bytes, uncompressedBytes: a.uncompressedBytes + b.uncompressedBytes };
}

function addDays(a: DayOnDisk, b: DayOnDisk): DayOnDisk {
  const froms = [a.expiresFrom, b.expiresFrom].filter((time) => time !== null);
  return {
    day: a.day,
    logs: { rows: a.logs.rows + b.logs.rows, bytes: a.logs.bytes + b.logs.bytes },
    spans: { rows: a.spans.rows + b.spans.rows, bytes: a.spans.bytes + b.spans.bytes },
    expiresFrom: froms.length === 0 ? null : Math.min(...froms),
    expires: a.expires === null || b.expires === null ? null : Math.max(a.expires, b.expires),
  };
}

function addDisks(a: StorageReport["disk"], b: StorageReport["disk"]): StorageReport["disk"] {
  if (a === null || b === null) return a ?? b;
  return { freeBytes: a.freeBytes + b.freeBytes, totalBytes: a.totalBytes + b.totalBytes };
}

function byBytes(a: PartOfTable, b: PartOfTable): number {
  return b.bytes - a.bytes;
}
