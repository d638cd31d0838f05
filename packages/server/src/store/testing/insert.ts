import type { LogRecord, SpanRecord } from "../../record/record.ts";
import type { Encoder } from "../encode/encoder.ts";
import { createLogEncoder } from "../encode/logs.ts";
import { createSpanEncoder } from "../encode/spans.ts";
import { timeBounds } from "../encode/timestamps.ts";
import { idAt } from "../id.ts";
import { insertNative } from "../insert.ts";
import type { TestStore } from "./store.ts";

let inserts = 0;

/** Stores log records as the batcher would, with ids of now. */
export function insertLogs(
  test: Pick<TestStore, "engine">,
  records: readonly LogRecord[],
  token?: string,
): Promise<void> {
  return insert(test, createLogEncoder(), records, token);
}

/** Stores spans. */
export function insertSpans(
  test: Pick<TestStore, "engine">,
  records: readonly SpanRecord[],
  token?: string,
): Promise<void> {
  return insert(test, createSpanEncoder(), records, token);
}

async function insert<T>(
  { engine }: Pick<TestStore, "engine">,
  encoder: Encoder<T>,
  records: readonly T[],
  token = `insert ${inserts++}`,
): Promise<void> {
  const now = Date.now();
  const bounds = timeBounds(now);
  for (const record of records) encoder.add(record, "test", bounds);
  const { table, columns } = encoder;
  await insertNative(engine.client, { table, columns, block: encoder.block(idAt(now)), token });
}
