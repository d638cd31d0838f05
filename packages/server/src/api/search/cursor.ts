import { PolylogError } from "../../errors.ts";

/** A place in the order of the rows: by time, and by id where times are equal. */
export interface Cursor {
  /** Nanoseconds since 1970. */
  readonly timestamp: bigint;
  readonly id: bigint;
}

const CURSOR = /^(\d{1,19})-(\d{1,20})$/;

/** @throws {PolylogError} `POLYLOG_E_BAD_REQUEST` when it is not one of ours */
export function readCursor(text: string): Cursor {
  const [, timestamp, id] = CURSOR.exec(text) ?? [];
  if (timestamp !== undefined && id !== undefined) {
    const cursor = { timestamp: BigInt(timestamp), id: BigInt(id) };
    if (cursor.timestamp < 2n ** 63n && cursor.id < 2n ** 64n) return cursor;
  }
  throw new PolylogError("POLYLOG_E_BAD_REQUEST", "The cursor is not one that this server gave.", {
    remedy: "Use `nextCursor` of the page before as it is.",
  });
}

export function writeCursor(cursor: Cursor): string {
  return `${cursor.timestamp}-${cursor.id}`;
}
