import { type ClickHouseClient, ClickHouseError } from "@clickhouse/client";
import { EngineError } from "../errors.ts";
import { databaseOfAll, quoteIdentifier } from "../identifier.ts";
import { type Membership, readMembership } from "./membership.ts";
import type { Node, NodeOptions } from "./node.ts";

/** UNKNOWN_USER, WRONG_PASSWORD, REQUIRED_PASSWORD, AUTHENTICATION_FAILED */
const CREDENTIALS: ReadonlySet<string> = new Set(["192", "193", "194", "516"]);
const READONLY = "164";
/** ACCESS_DENIED, READONLY, QUERY_IS_PROHIBITED */
const FORBIDDEN: ReadonlySet<string> = new Set(["497", READONLY, "392"]);

/** What a server tells of itself. */
export interface Probed {
  readonly version: string;
  /** Null for a server by itself. */
  readonly membership: Membership | null;
}

/**
 * Asks a server for its version, as both users, and its place in the cluster, and sees to the databases.
 *
 * @throws {@link EngineError} `…_CREDENTIALS` or `…_REFUSED` when waiting won't help; anything else may pass.
 */
export async function probe(
  node: Node,
  { database, cluster }: Pick<NodeOptions, "database" | "cluster">,
  signal: AbortSignal,
): Promise<Probed> {
  const probed = await asking(node.url, node.username, async () => {
    const version = await scalar(node.bootstrap, "SELECT version() AS value", signal);
    await ensureDatabase(node, database, signal);
    if (cluster === undefined) return { version, membership: null };
    await ensureDatabase(node, databaseOfAll(database), signal);
    return { version, membership: await readMembership(node, cluster, signal) };
  });
  await asking(node.url, node.viewerName, () => node.viewer.ask({ query: "SELECT 1" }, signal));
  return probed;
}

async function asking<T>(url: string, username: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    throw explain(error, url, username);
  }
}

function explain(error: unknown, url: string, username: string): unknown {
  if (!(error instanceof ClickHouseError)) return error;
  if (CREDENTIALS.has(error.code)) {
    return new EngineError("POLYLOG_E_ENGINE_CREDENTIALS", `${url} refuses the login of user "${username}"`, {
      cause: error,
      remedy: "Correct user name and password.",
    });
  }
  if (error.code === READONLY) {
    return new EngineError(
      "POLYLOG_E_ENGINE_REFUSED",
      `${url} does not let user "${username}" change settings: ${error.message}`,
      {
        cause: error,
        remedy: "Give that user a profile without readonly = 1; readonly = 2 is right for the viewer.",
      },
    );
  }
  return error;
}

async function ensureDatabase(node: Node, database: string, signal: AbortSignal): Promise<void> {
  const name = quoteIdentifier(database);
  try {
    if ((await scalar(node.bootstrap, `EXISTS DATABASE ${name}`, signal)) === "1") return;
    await node.bootstrap.command({ query: `CREATE DATABASE IF NOT EXISTS ${name}`, abort_signal: signal });
  } catch (error) {
    if (!(error instanceof ClickHouseError) || !FORBIDDEN.has(error.code)) throw error;
    throw new EngineError(
      "POLYLOG_E_ENGINE_REFUSED",
      `${node.url} has no database "${database}" that user "${node.username}" may see or create`,
      {
        cause: error,
        remedy: `Run there: CREATE DATABASE ${name}; GRANT ALL ON ${name}.* TO ${node.username}`,
      },
    );
  }
}

/** The first column of the first row. */
async function scalar(client: ClickHouseClient, query: string, signal: AbortSignal): Promise<string> {
  const answer = await client.query({ query, format: "JSONCompactEachRow", abort_signal: signal });
  const [row] = await answer.json<unknown[]>();
  if (row === undefined) throw new Error("The answer has no row");
  return String(row[0]);
}
