/** Where the rows of a batch come from: the receiver is kept with each. */
export interface EncodeContext {
  /** Id of the first row; the following count up. */
  readonly firstId: bigint;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Records of one receiver. */
export interface EncodeSource<T> {
  readonly records: readonly T[];
  readonly receiver: string;
}

/** Turns records into blocks of ClickHouse's Native format. One block at a time. */
export interface Encoder<T> {
  readonly table: string;
  /** Names of the columns in the block, for the INSERT. */
  readonly columns: readonly string[];
  begin(context: EncodeContext): void;
  row(record: T, receiver: string): void;
  /** The block of all rows since {@link begin}. */
  end(): Buffer;
}

/** Milliseconds after which encoding lets others run. */
const SLICE_MS = 5;
/** Rows between two looks at the clock. */
const LOOK_EVERY = 128;

/** Encodes in slices that yield to the event loop, so that a large batch delays nobody. */
export async function encodeSliced<T>(
  encoder: Encoder<T>,
  sources: Iterable<EncodeSource<T>>,
  context: EncodeContext,
): Promise<Buffer> {
  encoder.begin(context);
  let sliceEnd = performance.now() + SLICE_MS;
  let untilLook = LOOK_EVERY;
  for (const { records, receiver } of sources) {
    for (const record of records) {
      encoder.row(record, receiver);
      if (--untilLook > 0) continue;
      untilLook = LOOK_EVERY;
      if (performance.now() < sliceEnd) continue;
      await new Promise(setImmediate);
      sliceEnd = performance.now() + SLICE_MS;
    }
  }
  return encoder.end();
}
