import { addAbortSignal, Readable } from "node:stream";
import type { ClickHouseClient, ClickHouseSettings } from "@clickhouse/client";

export interface NativeInsert {
  readonly table: string;
  readonly columns: readonly string[];
  /** Blocks of ClickHouse's Native format, in parts. */
  readonly block: readonly Uint8Array[];
  /** Repeating an insert with the same token stores it once. */
  readonly token: string;
  /** Waits until a majority of the shard's replicas has it. */
  readonly isForQuorum?: boolean;
  /** Ends the wait. The insert may be carried out nevertheless. */
  readonly signal?: AbortSignal;
}

const SETTINGS: ClickHouseSettings = {
  async_insert: 0,
  insert_deduplicate: 1,
  // Otherwise a repeated insert that was cut off between the table and its views would never reach the views.
  deduplicate_blocks_in_dependent_materialized_views: 1,
  // A year's logs in one batch are a year of partitions.
  max_partitions_per_insert_block: "0",
  // A third of the engine's work for a batch. The first merge builds them, within seconds where inserts are many; until
  // then a part is read without them.
  exclude_materialize_skip_indexes_on_insert: "idx_attribute_keys, idx_attribute_values, idx_body",
  // We send plain strings where the tables have LowCardinality.
  input_format_native_allow_types_conversion: 1,
};

/** Milliseconds that the replicas have for it: less than the senders have patience. */
const QUORUM_TIMEOUT = 20_000;
const QUORUM: ClickHouseSettings = {
  insert_quorum: "auto",
  insert_quorum_parallel: 1,
  insert_quorum_timeout: QUORUM_TIMEOUT,
};

/**
 * Inserts a block. Resolves when it is committed; rejects when it isn't, or that isn't known.
 *
 * The statement goes in the URL and the body holds data only, so that no byte of a record is ever read as SQL.
 */
export async function insertNative(client: ClickHouseClient, insert: NativeInsert): Promise<void> {
  const { table, columns, block, token, isForQuorum = false, signal = new AbortController().signal } = insert;
  const answer = await client.exec({
    query: `INSERT INTO ${table} (${columns.map((name) => `\`${name}\``).join(", ")}) FORMAT Native`,
    values: Readable.from(joined(block), { objectMode: false }),
    clickhouse_settings: {
      ...SETTINGS,
      ...(isForQuorum ? QUORUM : {}),
      insert_deduplication_token: token,
    },
    abort_signal: signal,
  });
  // The connection is free again only when the (empty) answer was read.
  for await (const _ of addAbortSignal(signal, answer.stream));
}

/** Parts below this are sent together. In bytes. */
const SMALL = 64 << 10;

/** Few writes for many small parts, without a copy of the large ones. */
function* joined(parts: readonly Uint8Array[]): Generator<Uint8Array> {
  let small: Uint8Array[] = [];
  let bytes = 0;
  for (const part of parts) {
    if (part.length < SMALL) {
      small.push(part);
      bytes += part.length;
    }
    if (part.length >= SMALL || bytes >= SMALL) {
      if (small.length > 0) yield Buffer.concat(small);
      small = [];
      bytes = 0;
    }
    if (part.length >= SMALL) yield part;
  }
  if (small.length > 0) yield Buffer.concat(small);
}
