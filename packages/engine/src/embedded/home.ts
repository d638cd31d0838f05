import { chmod, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { EngineError } from "../errors.ts";
import { isLater } from "./is-later.ts";
import { type Lock, lockHolder, takeLock } from "./lock.ts";
import { makeDirectory } from "./make-directory.ts";

/** Version of how the directory is laid out. */
const LAYOUT = 1;
const MARKER = "polylog-engine.json";
const LOCK = "polylog-engine.lock";
/** What a new file system may hold of its own. */
const IGNORED: ReadonlySet<string> = new Set(["lost+found", ".DS_Store", LOCK]);

interface Marker {
  readonly layout: number;
  /** ClickHouse's version that used it last; null before the first start. */
  readonly engine: string | null;
}

/** The engine's directory, held by this process until closed. */
export interface Home {
  readonly directory: string;
  /** ClickHouse's own files. */
  readonly data: string;
  /** Generated at each start. */
  readonly config: string;
  /** Writes a file that nobody else may read, whatever was there before. */
  writePrivate(file: string, text: string): Promise<void>;
  /** Notes which version of ClickHouse has used the directory. */
  recordVersion(version: string): Promise<void>;
  close(): Promise<void>;
}

/**
 * Creates, checks and locks the directory.
 *
 * @param libraryVersion ClickHouse's version that is going to use it: data of a newer one is refused.
 */
export async function openHome(directory: string, libraryVersion: string): Promise<Home> {
  try {
    return await open(directory, libraryVersion);
  } catch (error) {
    throw error instanceof EngineError ? error : unusable(directory, error);
  }
}

/** Makes a directory that is the caller's alone, and keeps every other process out that asks for the same file's lock. */
export async function lockDirectory(directory: string, file: string): Promise<Lock> {
  try {
    await makeDirectory(directory);
    return await takeLock(join(directory, file));
  } catch (error) {
    throw error instanceof EngineError ? error : unusable(directory, error);
  }
}

async function open(directory: string, libraryVersion: string): Promise<Home> {
  await makeDirectory(directory);
  // Before the lock, which is not to be put into a directory of somebody else's; and under it, when nothing changes.
  await inspect(directory, libraryVersion);
  const lock = await takeLock(join(directory, LOCK));
  try {
    const found = await inspect(directory, libraryVersion);
    await chmod(directory, 0o700);
    const home = { directory, data: join(directory, "data"), config: join(directory, "config") };
    if (found === null) await writeMarker(directory, { layout: LAYOUT, engine: null });
    for (const path of [home.data, home.config]) {
      await makeDirectory(path);
      await chmod(path, 0o700);
    }
    return {
      ...home,
      writePrivate: replaceFile,
      recordVersion: (engine) => writeMarker(directory, { layout: LAYOUT, engine }),
      close: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The process that uses an engine's directory; null when none does. */
export function directoryHolder(directory: string): Promise<number | null> {
  return lockHolder(join(directory, LOCK));
}

/** The directory's marker; null when it is new. Refuses what is not for us. */
async function inspect(directory: string, libraryVersion: string): Promise<Marker | null> {
  const found = await readMarker(directory);
  if (found === null) await assertEmpty(directory);
  else assertNotNewer(directory, found, libraryVersion);
  return found;
}

async function readMarker(directory: string): Promise<Marker | null> {
  const file = join(directory, MARKER);
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return null;
    throw error;
  }
  try {
    const { layout, engine } = JSON.parse(text) as Partial<Marker>;
    if (typeof layout === "number") return { layout, engine: typeof engine === "string" ? engine : null };
  } catch {
    // Said below.
  }
  throw new EngineError("POLYLOG_E_ENGINE_DIRECTORY_UNUSABLE", `${file} is damaged`, {
    remedy: `If the data is Polylog's, write {"layout":${LAYOUT}} into that file; else use another directory with --data.`,
  });
}

function writeMarker(directory: string, marker: Marker): Promise<void> {
  return replaceFile(join(directory, MARKER), `${JSON.stringify(marker)}\n`);
}

/** In one step, so that a crash leaves the old file or the new one; a new file, so that its mode is ours. */
async function replaceFile(file: string, text: string): Promise<void> {
  const draft = `${file}.new`;
  await rm(draft, { force: true });
  await writeFile(draft, text, { mode: 0o600, flag: "wx" });
  await rename(draft, file);
}

async function assertEmpty(directory: string): Promise<void> {
  const strange = (await readdir(directory)).filter((name) => !IGNORED.has(name) && !isDraft(name));
  if (strange.length === 0) return;
  throw new EngineError(
    "POLYLOG_E_ENGINE_DIRECTORY_FOREIGN",
    `${directory} holds files that are not Polylog's (${strange.slice(0, 3).join(", ")}${strange.length > 3 ? ", …" : ""})`,
    { remedy: "Use an empty or a new directory with --data." },
  );
}

/** Left over from a start that was killed before the marker was there. */
function isDraft(name: string): boolean {
  return name.startsWith(`${LOCK}.`) || name === `${MARKER}.new`;
}

function assertNotNewer(directory: string, marker: Marker, libraryVersion: string): void {
  const isNewer =
    marker.layout > LAYOUT || (marker.engine !== null && isLater(marker.engine, libraryVersion));
  if (!isNewer) return;
  const written = marker.layout > LAYOUT ? "a newer Polylog" : `ClickHouse ${marker.engine}`;
  throw new EngineError(
    "POLYLOG_E_ENGINE_VERSION_TOO_NEW",
    `${directory} was written by ${written}; this one has ClickHouse ${libraryVersion}`,
    { remedy: "Update Polylog, or use another directory with --data." },
  );
}

const PERMISSION: ReadonlySet<unknown> = new Set(["EACCES", "EPERM"]);

function unusable(directory: string, cause: unknown): EngineError {
  const { code, message } = cause as NodeJS.ErrnoException;
  if (PERMISSION.has(code)) {
    return new EngineError(
      "POLYLOG_E_ENGINE_DIRECTORY_PERMISSION",
      `${directory} can't be used by this user: ${message}`,
      { cause, remedy: "Give this user the directory (chown), or use another one with --data." },
    );
  }
  return new EngineError("POLYLOG_E_ENGINE_DIRECTORY_UNUSABLE", `${directory} can't be used: ${message}`, {
    cause,
    remedy: "Make room or correct the path, or use another directory with --data.",
  });
}
