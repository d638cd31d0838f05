import type { LogRow } from "../../packages/server/src/contract/index.ts";
import { poll } from "../poll.ts";
import type { ServerProcess } from "../server-process.ts";

/** Rows of one page. */
const PAGE = "1000";

/** All records that match, in order of time; waits until there are as many as expected, `limit` milliseconds long. */
export async function findAll(
  server: ServerProcess,
  query: string,
  expected: number,
  limit?: number,
): Promise<LogRow[]> {
  await poll(`${expected} records of ${query}`, async () => (await count(server, query)) >= expected, limit);
  const rows: LogRow[] = [];
  let cursor: string | null = null;
  do {
    const next: Readonly<Record<string, string>> = cursor === null ? {} : { cursor };
    const page = await server.search(query, { limit: PAGE, order: "asc", ...next });
    rows.push(...page.rows);
    cursor = page.nextCursor;
  } while (cursor !== null);
  return rows;
}

async function count(server: ServerProcess, query: string): Promise<number> {
  const search = new URLSearchParams({ query, from: "1980-01-01T00:00:00Z", to: "now+1d" });
  const response = await fetch(`${server.address}/api/v1/logs/count?${search}`);
  return ((await response.json()) as { count: number }).count;
}
