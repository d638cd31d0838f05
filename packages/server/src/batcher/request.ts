import { PolylogError } from "../errors.ts";
import type { EncodeSource } from "../store/encode/encoder.ts";

/** What one caller handed over, until it is settled. */
export interface WriteRequest<T> extends EncodeSource<T> {
  readonly bytes: number;
  /** When it came, as `performance.now()` tells it. */
  readonly since: number;
  /** Its records that can't be stored for what is in them. */
  refused: number;
  readonly resolve: () => void;
  readonly reject: (error: PolylogError) => void;
}

/** Some of the records of a request. */
export interface RequestPart<T> extends EncodeSource<T> {
  readonly request: WriteRequest<T>;
}

/** Parts in two halves of about the same number of records; both have some when there are two or more. */
export function halve<T>(parts: readonly RequestPart<T>[]): [RequestPart<T>[], RequestPart<T>[]] {
  const first: RequestPart<T>[] = [];
  const second: RequestPart<T>[] = [];
  let room = countRecords(parts) >> 1;
  for (const part of parts) {
    const { records } = part;
    if (room > 0) first.push({ ...part, records: records.slice(0, room) });
    if (records.length > room) second.push({ ...part, records: records.slice(room) });
    room = Math.max(0, room - records.length);
  }
  return [first, second];
}

export function countRecords<T>(parts: readonly EncodeSource<T>[]): number {
  let count = 0;
  for (const { records } of parts) count += records.length;
  return count;
}

/** Tells the caller that all its records are stored, but for those that can't be. */
export function settle<T>({ refused, records, resolve, reject }: WriteRequest<T>): void {
  if (refused === 0) {
    resolve();
    return;
  }
  reject(
    new PolylogError("POLYLOG_E_BAD_REQUEST", `${refused} of ${records.length} records can't be stored.`, {
      remedy: "The others are stored; sending the request again would store them twice.",
    }),
  );
}
