import { addAbortSignal, Readable } from "node:stream";
import type { ClickHouseClient, ClickHouseSettings } from "@clickhouse/client";
import { ID_STEP } from "./id.ts";

/** The ids of rows, each {@link ID_STEP} behind the one before it. */
interface IdRun {
  readonly first: bigint;
  readonly count: number;
}

export interface NativeInsert {
  readonly table: string;
  readonly columns: readonly string[];
  /** Blocks of ClickHouse's Native format, in parts. */
  readonly block: readonly Uint8Array[];
  /** Repeating an insert with the same token stores it once. */
  readonly token: string;
  /**
   * Its rows' ids, when it was tried before: they are looked for then. The engine notes the token a moment before the rows
   * become part of the table; killed in between, it takes the repetition for done, and has none of them.
   */
  readonly triedRows?: IdRun | undefined;
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
  await storeMissing(client, insert);
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
  const rows = `rowNumberInAllBlocks() >= ${from} AND rowNumberInAllBlocks() < ${to}`;
  await insertWhere(client, insert, rows);
  await storeMissing(client, insert);
}

/** Inserts those rows of a block for which a condition holds. */
async function insertWhere(client: ClickHouseClient, insert: NativeInsert, condition: string): Promise<void> {
  const { table, columns } = insert;
  const names = namesOf(columns);
  const structure = (await structureOf(client, table, columns))
    .replaceAll("\\", "\\\\")
    .replaceAll("'", "\\'");
  const query = `INSERT INTO ${table} (${names})
SELECT ${names} FROM input('${structure}')
WHERE ${condition} FORMAT Native`;
  // One thread, so that rows are counted in their order.
  await send(client, insert, query, { max_threads: 1, max_insert_threads: "1" });
}

/** Tokens of one insert that a killed engine may have noted in vain, one after another. */
const MOST_VAIN_TOKENS = 3;

/**
 * Looks for the rows of an insert that was tried before, and inserts those that are missing, under another token: the same
 * one each time that it comes to that, so that this is repeated as safely.
 */
async function storeMissing(client: ClickHouseClient, insert: NativeInsert): Promise<void> {
  const { table, token, triedRows, isForQuorum = false } = insert;
  // Keeper takes the token and the part in one step.
  if (triedRows === undefined || isForQuorum) return;
  const { first, count } = triedRows;
  const last = first + BigInt(count - 1) * ID_STEP;
  const among = `Id >= ${first} AND Id <= ${last} AND (Id - ${first}) % ${ID_STEP} = 0`;
  for (let vain = 1; vain <= MOST_VAIN_TOKENS; vain++) {
    if ((await countRows(client, `${table} WHERE ${among}`, insert.signal)) >= count) return;
    const missing = `${among} AND Id NOT IN (SELECT Id FROM ${table} WHERE ${among})`;
    await insertWhere(client, { ...insert, token: `${token}-${vain}` }, missing);
  }
}

async function countRows(
  client: ClickHouseClient,
  where: string,
  signal: AbortSignal | undefined,
): Promise<number> {
  const answer = await client.query({
    query: `SELECT toFloat64(count()) AS count FROM ${where}`,
    format: "JSONEachRow",
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  const [row] = await answer.json<{ count: number }>();
  return row?.count ?? 0;
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
