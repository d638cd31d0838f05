import {
  type ClickHouseClient,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from "@clickhouse/client";

export interface Credentials {
  readonly username: string;
  readonly password: string;
}

export interface ClientOptions extends Credentials {
  readonly url: string;
  /** Left out for the first talk with a server on which the database may not exist yet. */
  readonly database?: string;
  /** Milliseconds that an idle connection is kept; must be at least a second less than the server's own time. */
  readonly idleSocketTtl: number;
}

/** What every question of ours is asked with, whatever the server's own defaults are. */
export const QUESTION_SETTINGS: ClickHouseSettings = {
  // JavaScript would round them otherwise.
  output_format_json_quote_64bit_integers: 1,
  // Whoever goes away doesn't leave a query behind that nobody waits for.
  cancel_http_readonly_queries_on_client_close: 1,
};

/** The server's own user batches by itself; ClickHouse's own batching (on by default since 26) only adds delay. */
const INSERT_SETTINGS: ClickHouseSettings = {
  async_insert: 0,
  // Lets a repeated insert with the same insert_deduplication_token be recognised.
  insert_deduplicate: 1,
};

/** A client with our defaults. Compression is off: on loopback it only costs time. */
export function createServerClient(
  options: ClientOptions,
  settings: ClickHouseSettings = {},
): ClickHouseClient {
  const { url, username, password, database, idleSocketTtl } = options;
  return createClient({
    url,
    username,
    password,
    ...(database === undefined ? {} : { database }),
    application: "polylog",
    clickhouse_settings: { ...QUESTION_SETTINGS, ...INSERT_SETTINGS, ...settings },
    compression: { request: false, response: false },
    keep_alive: { enabled: true, idle_socket_ttl: idleSocketTtl, eagerly_destroy_stale_sockets: true },
    max_open_connections: 64,
    // Queries carry limits of their own; this one only keeps a dead connection from waiting for ever.
    request_timeout: 300_000,
    // Failures reach the caller as errors; the client need not print them as well.
    log: { level: ClickHouseLogLevel.OFF },
  });
}
