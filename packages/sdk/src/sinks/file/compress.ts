import { randomBytes } from "node:crypto";
import { createReadStream, readdirSync, statSync } from "node:fs";
import { open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { pipeline } from "node:stream/promises";
import { setTimeout } from "node:timers/promises";
import { createGzip } from "node:zlib";
import { REST } from "./compress-now.ts";
import { removeIfThere } from "./move-aside.ts";
import { rotatedFiles } from "./rotated.ts";

/** Milliseconds without a change after which a draft is taken for what a process that died has left. */
const STALE = 60_000;
const DRAFT = /^\.\d{8}T\d{9}Z\.gz\.[0-9a-f]{8}\.tmp$/;

/**
 * Compresses the files that were rotated away and are at rest. A process may die at any point of it: a file goes only when its
 * compressed form is whole and on the disk under its final name, and what is half made is made again.
 */
export async function compressRotated(path: string): Promise<void> {
  removeLeftOvers(path);
  for (const file of rotatedFiles(path)) {
    if (!file.isPlain) continue;
    try {
      if (await isAtRest(file.path)) await compress(file.path);
    } catch (error) {
      // Another process was quicker.
      if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    }
  }
}

/**
 * Waits until nobody has renamed or written a file for a while. A process that shares the log may not have seen yet
 * that the file was moved, and go on writing to it: what it writes after the file is compressed would be gone.
 */
async function isAtRest(path: string): Promise<boolean> {
  const restOf = async () => Math.max(0, Date.now() - (await stat(path)).ctimeMs);
  const missing = REST - (await restOf());
  if (missing <= 0) return true;
  await setTimeout(missing);
  return (await restOf()) >= REST;
}

async function compress(path: string): Promise<void> {
  // Under a name of its own: two processes at the same file don't get into each other's way, and both end well.
  const draft = `${path}.gz.${randomBytes(4).toString("hex")}.tmp`;
  const { mode } = await stat(path);
  try {
    const target = await open(draft, "wx", mode);
    const source = createReadStream(path);
    try {
      await pipeline(source, createGzip(), async (chunks: AsyncIterable<Uint8Array>) => {
        for await (const chunk of chunks) await target.writeFile(chunk);
      });
      await target.sync();
    } finally {
      await target.close();
    }
    // Somebody has added to it after all: the next round takes it.
    if ((await stat(path)).size !== source.bytesRead) return removeIfThere(draft);
    await rename(draft, `${path}.gz`);
  } catch (error) {
    removeIfThere(draft);
    throw error;
  }
  await unlink(path);
}

function removeLeftOvers(path: string): void {
  const base = basename(path);
  for (const name of readdirSync(dirname(path))) {
    if (!name.startsWith(base) || !DRAFT.test(name.slice(base.length))) continue;
    const draft = join(dirname(path), name);
    const changed = statSync(draft, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (Date.now() - changed > STALE) removeIfThere(draft);
  }
}
