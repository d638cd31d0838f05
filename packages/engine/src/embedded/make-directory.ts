import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";

/**
 * Makes a directory and those above it that are missing, for this user alone.
 *
 * Node's own recursive mkdir never returns where a file system answers ENOENT although the parent is there, as
 * /proc does.
 */
export async function makeDirectory(path: string): Promise<void> {
  const missing = await make(path);
  if (missing === null) return;
  const parent = dirname(path);
  if (parent === path) throw missing;
  await makeDirectory(parent);
  const stillMissing = await make(path);
  if (stillMissing !== null) throw stillMissing;
}

/** The error of a parent that is missing; null when the directory is there now, made by us or somebody faster. */
async function make(path: string): Promise<Error | null> {
  try {
    await mkdir(path, { mode: 0o700 });
    return null;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") return null;
    if (code === "ENOENT") return error as Error;
    throw error;
  }
}
