import { copyFile, link, mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import type { EngineLog } from "../log.ts";
import type { Home } from "./home.ts";

/** In the engine's directory, beside its data. */
const COPIES = "definitions";

/**
 * Keeps a second name for the file of each table's definition, and gives the table its definition back when it has lost
 * it: ClickHouse 26.7 answers an ALTER on a full disk with success, and leaves an empty file in place of the definition. Such
 * an engine never starts again, though all records are there.
 *
 * The second name is a hard link: it takes no room, which there is none of. ClickHouse replaces definitions and never
 * writes into one.
 */
export async function keepDefinitions({ directory, data }: Home, log: EngineLog): Promise<void> {
  const copies = join(directory, COPIES);
  try {
    await mkdir(copies, { recursive: true, mode: 0o700 });
    const tables = await definitionsIn(join(data, "store"));
    for (const { file, key } of tables) {
      const copy = join(copies, key);
      if (await isWhole(file)) {
        if (!(await isSameFile(file, copy))) await replaceBy(copy, file, `${copy}.new`);
      } else if (await isWhole(copy)) {
        await replaceBy(file, copy, `${copy}.new`);
        log.warn("A table had lost its definition, and has its last one back", { file });
      }
    }
    const keys = new Set(tables.map(({ key }) => key));
    for (const key of await readdir(copies)) if (!keys.has(key)) await rm(join(copies, key), { force: true });
  } catch (error) {
    // A table may go while we look; and what isn't kept now is by the next look.
    log.debug("The definitions of tables could not be looked at", { error: String(error) });
  }
}

interface Definition {
  readonly file: string;
  /** Its name among the copies. */
  readonly key: string;
}

/** `store/2a2/2a29ea06-…/otel_logs.sql`, of every table. */
async function definitionsIn(store: string): Promise<readonly Definition[]> {
  const found: Definition[] = [];
  for (const group of await readdir(store)) {
    for (const id of await readdir(join(store, group))) {
      const names = await readdir(join(store, group, id));
      for (const name of names.filter((name) => name.endsWith(".sql"))) {
        found.push({ file: join(store, group, id, name), key: `${id}.${name}` });
      }
    }
  }
  return found;
}

/** Whether a file holds a definition to its end, which is an end of line. */
async function isWhole(file: string): Promise<boolean> {
  try {
    const text = await readFile(file, "utf8");
    return text.startsWith("ATTACH") && text.endsWith("\n");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function isSameFile(a: string, b: string): Promise<boolean> {
  try {
    const [one, other] = await Promise.all([stat(a), stat(b)]);
    return one.ino === other.ino && one.dev === other.dev && one.mtimeMs === other.mtimeMs;
  } catch {
    return false;
  }
}

/**
 * In one step, so that a crash leaves the one or the other.
 *
 * @param draft not beside the definitions: ClickHouse doesn't start where it finds files there that it doesn't know
 */
async function replaceBy(file: string, source: string, draft: string): Promise<void> {
  await rm(draft, { force: true });
  await link(source, draft).catch(() => copyWhole(source, draft));
  await rename(draft, file);
}

/** For file systems without hard links. */
async function copyWhole(source: string, target: string): Promise<void> {
  await copyFile(source, target);
  const file = await open(target, "r+");
  await file.sync().finally(() => file.close());
}
