import type { ClickHouseClient } from "@clickhouse/client";
import { EngineError } from "./errors.ts";
import type { Viewer } from "./viewer.ts";

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

export interface StableOptions<Client> {
  /** The client to use now; throws when there is none. Called for every call. */
  readonly current: () => Client;
  /** Hears of calls that failed because of the connection. */
  readonly onConnectionError?: (client: Client) => void;
}

/**
 * A client that stays valid while the one behind it is replaced: each call goes to the client that is current
 * when it is made. Failures of the connection arrive as {@link EngineError}; `close` does nothing, as the
 * connections belong to the engine.
 */
export function stableClient(options: StableOptions<ClickHouseClient>): ClickHouseClient {
  const call = (
    method: "query" | "command" | "exec" | "insert" | "ping",
    parameters: unknown[],
  ): Promise<unknown> =>
    onCurrent(options, method, (client) => Reflect.apply(client[method], client, parameters));
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

/** The same for a viewer. */
export function stableViewer(options: StableOptions<Viewer>): Viewer {
  return {
    ask: (question, signal) => onCurrent(options, "ask", (viewer) => viewer.ask(question, signal)),
  };
}

async function onCurrent<Client, Answer>(
  options: StableOptions<Client>,
  what: string,
  call: (client: Client) => Promise<Answer>,
): Promise<Answer> {
  const client = options.current();
  try {
    return await call(client);
  } catch (error) {
    if (!isConnectionError(error)) throw error;
    options.onConnectionError?.(client);
    throw new EngineError(
      "POLYLOG_E_ENGINE_UNAVAILABLE",
      `The connection to the engine failed during ${what}: ${(error as Error).message}`,
      { cause: error, remedy: "Try again in a moment." },
    );
  }
}
