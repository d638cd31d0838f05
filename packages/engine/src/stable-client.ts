import type { ClickHouseClient } from "@clickhouse/client";
import { EngineError } from "./errors.ts";

/** System errors that say that the other side can't be reached (any more), not that it refused. */
const CONNECTION_ERRORS: ReadonlySet<string> = new Set([
  "ECONNREFUSED",
  "ECONNRESET",
  "ECONNABORTED",
  "EPIPE",
  "ETIMEDOUT",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "EHOSTDOWN",
  "ENOTFOUND",
  "EAI_AGAIN",
]);

/** Whether the connection failed, rather than the query. */
function isConnectionError(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error && typeof error.code === "string" && CONNECTION_ERRORS.has(error.code)) return true;
  // Several addresses of one host were tried and each failed.
  return error instanceof AggregateError && error.errors.some(isConnectionError);
}

export interface StableClientOptions {
  /** The client to use now; throws when there is none. Called for every call. */
  readonly current: () => ClickHouseClient;
  /** Hears of calls that failed because of the connection. */
  readonly onConnectionError?: (client: ClickHouseClient, error: unknown) => void;
}

/**
 * A client that stays valid while the one behind it is replaced: each call goes to the client that is current
 * when it is made. Failures of the connection arrive as {@link EngineError}; `close` does nothing, as the
 * connections belong to the engine.
 */
export function stableClient(options: StableClientOptions): ClickHouseClient {
  async function call(
    method: "query" | "command" | "exec" | "insert" | "ping",
    parameters: unknown[],
  ): Promise<unknown> {
    const client = options.current();
    try {
      return await Reflect.apply(client[method], client, parameters);
    } catch (error) {
      if (!isConnectionError(error)) throw error;
      options.onConnectionError?.(client, error);
      throw new EngineError(
        "POLYLOG_E_ENGINE_UNAVAILABLE",
        `The connection to the engine failed during ${method}: ${(error as Error).message}`,
        { cause: error, remedy: "Try again in a moment." },
      );
    }
  }

  const methods = {
    query: (...parameters: unknown[]) => call("query", parameters),
    command: (...parameters: unknown[]) => call("command", parameters),
    exec: (...parameters: unknown[]) => call("exec", parameters),
    insert: (...parameters: unknown[]) => call("insert", parameters),
    // Says by contract what is wrong instead of throwing it.
    ping: (...parameters: unknown[]) =>
      call("ping", parameters).catch((error: unknown) => ({ success: false, error })),
    close: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  } satisfies Record<keyof ClickHouseClient, unknown>;
  return methods as unknown as ClickHouseClient;
}
