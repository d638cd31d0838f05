import { open, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { isSameFile } from "./fingerprint.ts";
import type { FileState } from "./follow-state.ts";
import { isAbsent } from "./glob.ts";

/** The name that the file system has for a file, whatever it is called. */
export interface FileIdentity {
  readonly device: string;
  readonly inode: string;
}

export function identityKey({ device, inode }: FileIdentity): string {
  return `${device}:${inode}`;
}

/** The identity of what lies at a path, and its size; `undefined` when nothing does. */
export async function identify(
  path: string,
): Promise<(FileIdentity & { readonly size: number }) | undefined> {
  try {
    const { dev, ino, size } = await stat(path, { bigint: true });
    return { device: String(dev), inode: String(ino), size: Number(size) };
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
}

/** Names looked at for a file that was moved within its directory. */
const MAX_NAMES = 10_000;

/** The path in a directory at which the file with this identity and beginning lies now. */
export async function findByIdentity(directory: string, state: FileState): Promise<string | undefined> {
  let names: string[];
  try {
    names = await readdir(directory);
  } catch (error) {
    if (isAbsent(error)) return undefined;
    throw error;
  }
  for (const name of names.slice(0, MAX_NAMES)) {
    const path = join(directory, name);
    const found = await identify(path);
    if (found === undefined || identityKey(found) !== identityKey(state)) continue;
    const handle = await open(path, "r");
    try {
      return found.size >= state.offset && (await isSameFile(handle, state.fingerprint)) ? path : undefined;
    } finally {
      await handle.close();
    }
  }
  return undefined;
}
