import { statfs } from "node:fs/promises";

/** Bytes below which a disk counts as full: an engine that starts writes some. */
const LEAST = 1 << 20;

/** Whether there is anything left on the disk of a directory; true where that can't be known. */
export async function hasRoom(directory: string): Promise<boolean> {
  try {
    const { bavail, bsize } = await statfs(directory);
    return bavail * bsize >= LEAST;
  } catch {
    return true;
  }
}
