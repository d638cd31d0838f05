import type { PolylogError } from "../errors.ts";
import type { Records } from "../record/encoded-records.ts";
import type { Stored } from "../record/intake.ts";

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
  readonly resolve: (stored: Stored) => void;
  readonly reject: (error: PolylogError) => void;
}
