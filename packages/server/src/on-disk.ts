import { access, open } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import { makeDirectory } from "@polylog/engine";

/** Waits until a file, or the names in a directory, outlive the machine. */
export async function syncPath(path: string): Promise<void> {
  const handle = await open(path, "r");
  try {
    await handle.sync();
  } catch (error) {
    // Windows syncs no directory.
    if (process.platform !== "win32") throw error;
  } finally {
    await handle.close();
  }
}

/** Makes a directory for this user alone, and those above it that are missing; they outlive the machine. */
export async function makeLastingDirectory(path: string): Promise<void> {
  const missing: string[] = [];
  for (let at = resolve(path); !(await isThere(at)); at = dirname(at)) missing.push(at);
  if (missing.length > 0) await makeDirectory(resolve(path));
  for (const made of missing) await syncPath(dirname(made));
}

function isThere(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
