import { PolylogError } from "../errors.ts";
import type { Records } from "../record/encoded-records.ts";

/** What one caller handed over, until it is settled. */
export interface WriteRequest<T> {
  readonly records: Records<T>;
  readonly receiver: string;
  readonly bytes: number;
  /** Whose records they are, for their turn in the queue. */
  readonly source: string;
  /** When it came, as `performance.now()` tells it. */
  readonly since: number;
  /** Its records that can't be stored for what is in them. */
  refused: number;
  readonly resolve: () => void;
  readonly reject: (error: PolylogError) => void;
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
