// @ts-expect-error it comes without types
import snappyjs from "snappyjs";
import { lengthField, varintField } from "../../otlp/protobuf/writer.ts";

/** Snappy's other half, which the server has no use for. */
const snappy = snappyjs as { compress(bytes: Buffer): Buffer };

export const compressSnappy = (bytes: Buffer): Buffer<ArrayBuffer> => Buffer.from(snappy.compress(bytes));

export interface TestEntry {
  readonly line: string;
  /** Nanoseconds since 1970. */
  readonly time?: bigint;
  readonly metadata?: Readonly<Record<string, string>>;
}

/** A `PushRequest` with one stream, not compressed. */
export function pushRequest(labels: string, entries: readonly TestEntry[]): Buffer<ArrayBuffer> {
  const fields = entries.map(({ line, time = 1_763_721_667_000_000_007n, metadata = {} }) => {
    const seconds = varintField(1, Number(time / 1_000_000_000n));
    const nanos = varintField(2, Number(time % 1_000_000_000n));
    const pairs = Object.entries(metadata).map(([name, value]) =>
      lengthField(3, Buffer.concat([lengthField(1, name), lengthField(2, value)])),
    );
    const timestamp = lengthField(1, Buffer.concat([seconds, nanos]));
    return lengthField(2, Buffer.concat([timestamp, lengthField(2, line), ...pairs]));
  });
  return Buffer.from(lengthField(1, Buffer.concat([lengthField(1, labels), ...fields])));
}

/** The same as JSON. */
export function pushJson(stream: Readonly<Record<string, string>>, entries: readonly TestEntry[]): string {
  const values = entries.map(({ line, time = 1_763_721_667_000_000_007n, metadata }) => [
    String(time),
    line,
    ...(metadata === undefined ? [] : [metadata]),
  ]);
  return JSON.stringify({ streams: [{ stream, values }] });
}
