import { setTimeout as delay } from "node:timers/promises";
import type { ClickHouseClient } from "@clickhouse/client";

/** How far BACKUP or RESTORE has come. */
export interface TaskProgress {
  readonly bytes: number;
  /** 0 until it is known. */
  readonly totalBytes: number;
}

/** Milliseconds between two looks. */
const PERIOD = 200;

interface Task {
  readonly status: string;
  readonly error: string;
  readonly total: number;
  readonly done: number;
}

/**
 * Runs BACKUP or RESTORE beside everything else, however long it takes. An abort ends it.
 *
 * Rejects with the engine's reason.
 *
 * @param statement without `SETTINGS`
 * @param id unique in the engine's life
 */
export async function runEngineTask(
  client: ClickHouseClient,
  statement: string,
  id: string,
  signal: AbortSignal,
  onProgress: (progress: TaskProgress) => void = () => {},
): Promise<void> {
  await client.command({ query: `${statement} SETTINGS id = '${id}' ASYNC` });
  for (;;) {
    const task = await look(client, id);
    if (task === undefined) throw new Error("The engine was started again meanwhile.");
    onProgress({ bytes: task.done, totalBytes: task.total });
    if (task.status === "BACKUP_CREATED" || task.status === "RESTORED") return;
    if (!/^(CREATING_BACKUP|RESTORING)$/.test(task.status)) throw new Error(reasonOf(task));
    await delay(PERIOD, undefined, { signal }).catch(() => {});
    if (signal.aborted) {
      await end(client, id);
      signal.throwIfAborted();
    }
  }
}

async function look(client: ClickHouseClient, id: string): Promise<Task | undefined> {
  const answer = await client.query({
    query: `
      SELECT toString(status) AS status, error, toFloat64(total_size) AS total,
        toFloat64(greatest(bytes_read, compressed_size)) AS done
      FROM system.backups WHERE id = {id:String}`,
    query_params: { id },
    format: "JSONEachRow",
  });
  const [task] = await answer.json<Task>();
  return task;
}

async function end(client: ClickHouseClient, id: string): Promise<void> {
  await client
    .command({
      query: "KILL QUERY WHERE query_id IN (SELECT query_id FROM system.backups WHERE id = {id:String}) SYNC",
      query_params: { id },
    })
    // Its server is on its way out, too.
    .catch(() => {});
}

/** The engine's words without its stack. */
function reasonOf({ status, error }: Task): string {
  return error.replace(/,? Stack trace[\s\S]*$/, "").replace(/^Code: \d+\. DB::Exception: /, "") || status;
}
