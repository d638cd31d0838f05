import type { ClickHouseClient } from "@clickhouse/client";

/** How much the store holds. */
export interface StoreSize {
  readonly logs: number;
  readonly spans: number;
  /** Of all tables, indexes included. */
  readonly bytesOnDisk: number;
}

/** Reads {@link StoreSize} from the list of parts: costs milliseconds, whatever there is. */
export async function readStoreSize(client: ClickHouseClient, signal?: AbortSignal): Promise<StoreSize> {
  const answer = await client.query({
    query: `
      SELECT
        toFloat64(sumIf(rows, table = 'otel_logs')) AS logs,
        toFloat64(sumIf(rows, table = 'otel_traces')) AS spans,
        toFloat64(sum(bytes_on_disk)) AS bytesOnDisk
      FROM system.parts
      WHERE active AND database = currentDatabase()`,
    format: "JSONEachRow",
    ...(signal === undefined ? {} : { abort_signal: signal }),
  });
  const [row] = await answer.json<StoreSize>();
  return row ?? { logs: 0, spans: 0, bytesOnDisk: 0 };
}
