/** Rows of a table as an encoder holds them: bytes and numbers only, which move to another thread without a copy. */
export interface EncodedRows {
  readonly table: string;
  readonly rows: number;
  /** What the columns hold, one after the other; each has an `ArrayBuffer` of its own. */
  readonly parts: readonly Uint8Array<ArrayBuffer>[];
  readonly numbers: readonly number[];
}

/** Whose records a request holds. */
export interface Origin {
  /** The source of most of them: whose turn, share and limit the request counts for. */
  readonly source: string;
  /** How many are of each. */
  readonly counts: ReadonlyMap<string, number>;
}

/** What is to be known of the records of a request, whatever becomes of them. */
export interface Told {
  readonly length: number;
  readonly origin: Origin;
  /** The time of the newest one, in milliseconds since 1970. */
  readonly newest: number;
}

/** Records of a request that were encoded on another thread; those of a request are rows of one table. */
export interface EncodedRecords extends Told {
  /** Those that could be encoded. */
  readonly encoded: EncodedRows;
  /** How many could not, and why the first. */
  readonly refused: number;
  readonly refusal: string;
}

/** The records of a request, as they are or encoded. */
export type Records<T> = readonly T[] | EncodedRecords;

export function isEncoded<T>(records: Records<T>): records is EncodedRecords {
  return "encoded" in records;
}
