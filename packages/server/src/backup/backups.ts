import { mkdir, readdir, rename, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Engine } from "@polylog/engine";
import { PolylogError } from "../errors.ts";
import type { Logger } from "../log.ts";
import { makeLastingDirectory, syncPath } from "../on-disk.ts";
import type { Store } from "../store/store.ts";
import { version } from "../version.ts";
import { sha256OfFile } from "./checksum.ts";
import { runEngineTask } from "./engine-task.ts";
import { ARCHIVE, manifestFile, manifestText, readManifest, UNFINISHED } from "./manifest.ts";

/** One backup, finished or not. */
export interface Backup {
  readonly name: string;
  /** Its folder, on the server's machine. */
  readonly path: string;
  readonly state: "running" | "done" | "failed";
  /** RFC 3339. */
  readonly createdAt: string;
  /** So far, while it runs. */
  readonly bytes: number;
  /** Why it failed. */
  readonly error: string | null;
}

/** The backups of a server. */
export interface Backups {
  /** Where they lie. */
  readonly directory: string;
  /** Begins one, or tells of the one that is under way. */
  start(): Promise<Backup>;
  /** Newest first. */
  list(): Promise<readonly Backup[]>;
  find(name: string): Promise<Backup | undefined>;
  /** Ends the one that is under way. */
  stop(): Promise<void>;
}

export interface BackupsOptions {
  readonly engine: Engine;
  readonly store: () => Promise<Store>;
  /** Where they lie; the engine must be allowed to write there. */
  readonly directory: string;
  readonly log: Logger;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
}

const NAME = /^polylog-\d{8}-\d{6}$/;
/** Backups that are told of. */
const MAX_LISTED = 500;

/**
 * Backups of all tables, one folder each, written by the engine while records come in. A folder has its name once
 * it is complete: until then, and for ever when the server is killed meanwhile, the name ends in `.unfinished`.
 */
export function createBackups(options: BackupsOptions): Backups {
  const { engine, directory, log, clock } = options;
  const stopping = new AbortController();
  let latest: Backup | undefined;
  let working: Promise<void> | undefined;

  async function start(): Promise<Backup> {
    if (latest?.state === "running") return latest;
    if (engine.status().kind !== "embedded") throw remote();
    const createdAt = new Date(clock()).toISOString();
    const name = `polylog-${createdAt.slice(0, 19).replaceAll(/[-:]/g, "").replace("T", "-")}`;
    const path = join(directory, name);
    latest = { name, path, state: "running", createdAt, bytes: 0, error: null };
    working = write(latest).then(
      (bytes) => {
        latest = { name, path, state: "done", createdAt, bytes, error: null };
        log.info("a backup was written", { path, bytes });
      },
      async (error: unknown) => {
        const cause: unknown = stopping.signal.aborted ? stopping.signal.reason : error;
        const reason = cause instanceof Error ? cause.message : String(cause);
        latest = { name, path, state: "failed", createdAt, bytes: 0, error: reason };
        log.error("a backup could not be written", { path, error });
        await rm(path + UNFINISHED, { recursive: true, force: true }).catch(() => {});
      },
    );
    return latest;
  }

  async function write({ name, path, createdAt }: Backup): Promise<number> {
    const { signal } = stopping;
    const store = await Promise.race([options.store(), abortOf(signal)]);
    await makeLastingDirectory(directory);
    await removeUnfinished();
    await assertRoom((await store.size()).bytesOnDisk);
    const folder = path + UNFINISHED;
    await mkdir(folder, { mode: 0o700 });
    const archive = join(folder, ARCHIVE);
    const { database, client } = engine;
    const statement = `BACKUP DATABASE \`${database}\` TO File('${quoted(archive)}')`;
    await runEngineTask(client, statement, name, signal, ({ bytes }) => {
      if (latest?.name === name) latest = { ...latest, bytes };
    });
    const { size } = await stat(archive);
    const manifest = manifestText({
      polylog: version,
      schema: store.schemaVersion,
      engine: engine.status().version ?? "",
      database,
      createdAt,
      bytes: size,
      sha256: await sha256OfFile(archive, signal),
    });
    await syncPath(archive);
    await writeFile(manifestFile(folder), manifest, { flush: true });
    await syncPath(folder);
    await rename(folder, path);
    await syncPath(directory);
    return size;
  }

  async function removeUnfinished(): Promise<void> {
    for (const entry of await readdir(directory)) {
      if (entry.endsWith(UNFINISHED) && NAME.test(entry.slice(0, -UNFINISHED.length)))
        await rm(join(directory, entry), { recursive: true, force: true });
    }
  }

  async function assertRoom(bytes: number): Promise<void> {
    const { bavail, bsize } = await statfs(directory);
    if (bavail * bsize > bytes) return;
    throw new PolylogError(
      "POLYLOG_E_CONFIG",
      `There is no room for a backup of ${bytes} bytes in ${directory}.`,
      {
        remedy: "Make room, or start the server with --backups on another disk.",
      },
    );
  }

  async function finished(name: string): Promise<Backup | undefined> {
    const path = join(directory, name);
    const manifest = await readManifest(path).catch(() => undefined);
    if (manifest === undefined) return undefined;
    const { createdAt, bytes } = manifest;
    return { name, path, state: "done", createdAt, bytes, error: null };
  }

  async function list(): Promise<readonly Backup[]> {
    const entries = await readdir(directory).catch(() => []);
    const names = entries.filter((entry) => NAME.test(entry)).sort();
    const found = await Promise.all(names.slice(-MAX_LISTED).map(finished));
    const done = found.filter((backup) => backup !== undefined && backup.name !== latest?.name);
    return [...done, latest].filter((backup) => backup !== undefined).reverse();
  }

  return {
    directory,
    start,
    list,
    async find(name) {
      if (latest?.name === name) return latest;
      return NAME.test(name) ? finished(name) : undefined;
    },
    async stop() {
      stopping.abort(new Error("The server was stopped."));
      await working;
    },
  };
}

/** Rejects with the signal's reason when it is aborted. */
function abortOf(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    else signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}

/** A path within a literal of the engine's SQL: BACKUP takes no parameters. */
function quoted(path: string): string {
  return path.replaceAll("\\", "\\\\").replaceAll("'", "\\'");
}

function remote(): PolylogError {
  return new PolylogError("POLYLOG_E_BAD_REQUEST", "The store is a ClickHouse server of its own.", {
    remedy: "Back it up there: BACKUP DATABASE … TO Disk(…), as ClickHouse's manual has it.",
  });
}
