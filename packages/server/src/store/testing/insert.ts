import type { Engine } from "@polylog/engine";
import type { LogRecord, SpanRecord } from "../../record/record.ts";
import type { Encoder } from "../encode/encoder.ts";
import { createLogEncoder } from "../encode/logs.ts";
import { createSpanEncoder } from "../encode/spans.ts";
import { timeBounds } from "../encode/timestamps.ts";
import { ID_STEP, idAt } from "../id.ts";
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
  await insertRecords(engine, encoder, records, { token, firstId: idAt(now), now });
}

export interface InsertDetails {
  readonly token: string;
  readonly firstId: bigint;
  /** Milliseconds since 1970. */
  readonly now: number;
}

/** Stores records as rows with ascending ids: about the same number of them on each node. */
export async function insertRecords<T>(
  { nodes }: Engine,
  encoder: Encoder<T>,
  records: readonly T[],
  { token, firstId, now }: InsertDetails,
): Promise<void> {
  const { table, columns } = encoder;
  const bounds = timeBounds(now);
  for (const record of records) encoder.add(record, "test", bounds);
  for (const [index, { client }] of nodes.entries()) {
    const from = Math.floor((records.length * index) / nodes.length);
    const to = Math.floor((records.length * (index + 1)) / nodes.length);
    if (from === to) continue;
    const block = encoder.block(firstId + BigInt(from) * ID_STEP, from, to);
    await insertNative(client, { table, columns, block, token });
  }
}
