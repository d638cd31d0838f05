import type { DayOnDisk } from "./days.ts";

/** Bytes that something takes. */
export interface PartOfTable {
  readonly name: string;
  readonly bytes: number;
  readonly uncompressedBytes: number;
}

export interface TableOnDisk extends PartOfTable {
  readonly rows: number;
  readonly parts: number;
  readonly columns: readonly PartOfTable[];
  readonly indexes: readonly (PartOfTable & { readonly type: string })[];
}

/** What the store takes on disk. */
export interface StorageReport {
  readonly rows: number;
  readonly bytes: number;
  readonly uncompressedBytes: number;
  readonly disk: { readonly freeBytes: number; readonly totalBytes: number } | null;
  readonly tables: readonly TableOnDisk[];
  readonly days: readonly DayOnDisk[];
}
