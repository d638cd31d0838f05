import { mkdir, readdir, rename, rm, rmdir, stat } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { directoryHolder, type Engine, isLater, startEmbeddedEngine } from "@polylog/engine";
import { lockData } from "../data-lock.ts";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { MIGRATIONS } from "../store/migrations.ts";
import { sha256OfFile } from "./checksum.ts";
import { runEngineTask } from "./engine-task.ts";
import { ARCHIVE, type BackupManifest, readManifest } from "./manifest.ts";

export interface RestoreOptions {
  /** The backup's folder. */
  readonly backup: string;
  /** The server's data directory; the server must not run. */
  readonly dataDirectory: string;
  /** Whether what is there already is put aside; else it is left alone and nothing is restored. */
  readonly replaces: boolean;
  /** The most memory that the engine may use, in bytes. */
  readonly memoryBytes: number;
  readonly log: Logger;
  readonly signal: AbortSignal;
  /** @param share from 0 to 1 */
  readonly onProgress?: (step: "checking" | "restoring", share: number) => void;
}

export interface Restored {
  readonly manifest: BackupManifest;
  readonly logs: number;
  readonly spans: number;
  /** Where what was there before lies now; null when there was nothing. */
  readonly putAside: string | null;
}

/**
 * Brings back a backup, as the whole of a store: all of it or nothing. It is restored beside the place where it
 * belongs, and put there in one step at the end; what an interrupted restore left behind is removed by the next. No
 * server starts on the directory meanwhile.
 *
 * Rejects with `POLYLOG_E_CONFIG` when the backup is none, incomplete or damaged, when an engine uses the directory, or
 * when there is a store already; with `POLYLOG_E_ENGINE_DIRECTORY_LOCKED` when a server or another restore does; with
 * `POLYLOG_E_SCHEMA` when a newer Polylog wrote the backup.
 *
 * @example
 * await restoreBackup({ backup: "backups/polylog-20261121-140000", dataDirectory: "./data", … });
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restored> {
  const folder = resolve(options.backup);
  const manifest = await readManifest(folder);
  assertKnownSchema(folder, manifest);
  // Held to the end: a server started meanwhile would lose what it takes in when the stores are exchanged.
  const lock = await lockData(resolve(options.dataDirectory));
  try {
    return await restoreLocked(options, folder, manifest);
  } finally {
    await lock.release();
  }
}

async function restoreLocked(
  options: RestoreOptions,
  folder: string,
  manifest: BackupManifest,
): Promise<Restored> {
  const { log, signal, onProgress = () => {} } = options;
  const target = join(resolve(options.dataDirectory), "engine");
  const draft = `${target}.restoring`;
  await assertUnused(target);
  await assertUnused(draft);
  const isOccupied = await isStore(target);
  if (isOccupied && !options.replaces) throw occupied(options.dataDirectory);
  await assertSound(folder, manifest, signal, (share) => onProgress("checking", share));

  await rm(draft, { recursive: true, force: true });
  await mkdir(draft, { recursive: true, mode: 0o700 });
  const engine = startEmbeddedEngine({
    directory: draft,
    backupDirectory: folder,
    memoryBytes: options.memoryBytes,
    log,
  });
  try {
    let counts: Pick<Restored, "logs" | "spans">;
    try {
      await engine.ready();
      assertKnownEngine(folder, manifest, engine);
      await restoreInto(engine, folder, manifest, signal, (share) => onProgress("restoring", share));
      counts = await countRows(engine);
    } finally {
      await engine.stop();
    }
    const putAside = await exchange(target, draft, isOccupied);
    return { manifest, ...counts, putAside };
  } catch (error) {
    await rm(draft, { recursive: true, force: true });
    throw error;
  }
}

/**
 * Puts the draft in the target's place.
 *
 * @returns where what was there lies now
 */
async function exchange(target: string, draft: string, isOccupied: boolean): Promise<string | null> {
  // An engine that is started by itself heeds no server's lock.
  await assertUnused(target);
  const putAside = isOccupied ? `${target}.before-${new Date().toISOString().replaceAll(":", "")}` : null;
  if (putAside !== null) await rename(target, putAside);
  else await removeEmpty(target);
  await rename(draft, target);
  return putAside;
}

/** Rejects when there is something in it after all: nothing is deleted that was not looked at. */
async function removeEmpty(directory: string): Promise<void> {
  await rmdir(directory).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOTEMPTY") throw occupied(dirname(directory));
    if (error.code !== "ENOENT") throw error;
  });
}

async function restoreInto(
  engine: Engine,
  folder: string,
  { database, schema }: BackupManifest,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<void> {
  const names = [database, engine.database].map((name) => `\`${name.replaceAll("`", "\\`")}\``);
  const archive = join(folder, ARCHIVE).replaceAll("\\", "\\\\").replaceAll("'", "\\'");
  const statement = `RESTORE DATABASE ${names.join(" AS ")} FROM File('${archive}')`;
  await runEngineTask(engine.client, statement, "polylog-restore", signal, ({ bytes, totalBytes }) =>
    onShare(totalBytes === 0 ? 0 : Math.min(1, bytes / totalBytes)),
  ).catch((cause: unknown) => {
    if (signal.aborted) throw cause;
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new PolylogError("POLYLOG_E_CONFIG", `${folder} can't be restored: ${reason}`, {
      cause,
      remedy: "Use another backup; nothing was changed.",
    });
  });
  const answer = await engine.client.query({
    query: "SELECT max(Version) AS version FROM schema_migrations",
    format: "JSONEachRow",
  });
  const [row] = await answer.json<{ version: number }>();
  if (row?.version !== schema) throw damaged(folder, "its tables are not those that it says it has");
}

async function countRows({ client }: Engine): Promise<Pick<Restored, "logs" | "spans">> {
  const answer = await client.query({
    query: `
      SELECT toFloat64((SELECT count() FROM otel_logs)) AS logs, toFloat64((SELECT count() FROM otel_traces)) AS spans`,
    format: "JSONEachRow",
  });
  const [row] = await answer.json<Pick<Restored, "logs" | "spans">>();
  return row ?? { logs: 0, spans: 0 };
}

async function assertSound(
  folder: string,
  { bytes, sha256 }: BackupManifest,
  signal: AbortSignal,
  onShare: (share: number) => void,
): Promise<void> {
  const archive = join(folder, ARCHIVE);
  const size = await stat(archive).then(
    (found) => found.size,
    () => undefined,
  );
  if (size === undefined) throw damaged(folder, `${ARCHIVE} is missing`);
  if (size !== bytes) throw damaged(folder, `${ARCHIVE} has ${size} bytes and should have ${bytes}`);
  const found = await sha256OfFile(archive, signal, (read) => onShare(read / Math.max(1, bytes)));
  if (found !== sha256) throw damaged(folder, `${ARCHIVE} is not what was written (its SHA-256 differs)`);
}

function assertKnownSchema(folder: string, { schema, polylog }: BackupManifest): void {
  const newest = MIGRATIONS.at(-1)?.version ?? 0;
  if (schema <= newest) return;
  throw new PolylogError(
    "POLYLOG_E_SCHEMA",
    `${folder} has schema ${schema}, and this Polylog knows schemas up to ${newest}.`,
    { remedy: `Restore it with Polylog ${polylog} or a newer one.` },
  );
}

function assertKnownEngine(folder: string, { engine, polylog }: BackupManifest, { status }: Engine): void {
  const ours = status().version ?? "";
  if (!isLater(engine, ours)) return;
  throw new PolylogError(
    "POLYLOG_E_SCHEMA",
    `${folder} was written by ClickHouse ${engine}; this is ${ours}.`,
    {
      remedy: `Restore it with Polylog ${polylog} or a newer one.`,
    },
  );
}

async function assertUnused(directory: string): Promise<void> {
  const holder = await directoryHolder(directory);
  if (holder === null) return;
  throw new PolylogError("POLYLOG_E_CONFIG", `${dirname(directory)} is in use by process ${holder}.`, {
    remedy: "Stop that server first, or restore into another directory with --data.",
  });
}

/** Whether there is anything at all: what it is can't be told without starting an engine on it. */
async function isStore(directory: string): Promise<boolean> {
  const entries = await readdir(directory).catch(() => []);
  return entries.length > 0;
}

function occupied(dataDirectory: string): PolylogError {
  return new PolylogError("POLYLOG_E_CONFIG", `${dataDirectory} holds a store already.`, {
    remedy:
      "Name another directory with --data, or say --replace: what is there is put aside, and not deleted.",
  });
}

function damaged(folder: string, what: string): PolylogError {
  return new PolylogError("POLYLOG_E_CONFIG", `The backup ${folder} is damaged: ${what}.`, {
    remedy: "Use another backup; nothing was changed.",
  });
}
