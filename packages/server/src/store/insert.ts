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
  await send(client, insert, `INSERT INTO ${insert.table} (${namesOf(insert.columns)}) FORMAT Native`, {});
}

/**
 * Inserts some rows of a block, from one up to but not including another: the engine reads all of it and passes over the
 * others. For finding what can't be stored, when there is no encoder any more that could make smaller blocks.
 */
export async function insertRowsOf(
  client: ClickHouseClient,
  insert: NativeInsert,
  from: number,
  to: number,
): Promise<void> {
  const { table, columns } = insert;
  const names = namesOf(columns);
  const structure = (await structureOf(client, table, columns))
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'");
  const query = `INSERT INTO ${table} (${names})
SELECT ${names} FROM input('${structure}')
WHERE rowNumberInAllBlocks() >= ${from} AND rowNumberInAllBlocks() < ${to} FORMAT Native`;
  // One thread, so that rows are counted in their order.
  await send(client, insert, query, { max_threads: 1, max_insert_threads: "1" });
}

/** The columns as the table has them, with their types. */
async function structureOf(
  client: ClickHouseClient,
  table: string,
  columns: readonly string[],
): Promise<string> {
  const answer = await client.query({
    query:
      "SELECT name, type FROM system.columns WHERE database = currentDatabase() AND table = {table:String}",
    query_params: { table },
    format: "JSONEachRow",
  });
  const types = new Map(
    (await answer.json<{ name: string; type: string }>()).map(({ name, type }) => [name, type]),
  );
  return columns.map((name) => `\`${name}\` ${types.get(name) ?? "String"}`).join(", ");
}

function namesOf(columns: readonly string[]): string {
  return columns.map((name) => `\`${name}\``).join(", ");
}

async function send(
  client: ClickHouseClient,
  { block, token, isForQuorum = false, signal = new AbortController().signal }: NativeInsert,
  query: string,
  settings: ClickHouseSettings,
): Promise<void> {
  const answer = await client.exec({
    query,
    values: Readable.from(joined(block), { objectMode: false }),
    clickhouse_settings: {
      ...SETTINGS,
      ...settings,
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
