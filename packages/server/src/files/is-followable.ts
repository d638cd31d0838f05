import { open } from "node:fs/promises";

/** Rotated files that were compressed, and what editors leave behind. */
const IGNORED = /\.(?:gz|bz2|xz|zst|zip|lz4|tmp|swp)$|~$/i;

/** Why a file is not to be followed, `undefined` when it is. */
export async function isFollowable(path: string): Promise<string | undefined> {
  if (IGNORED.test(path)) return "is compressed or temporary";
  const file = await open(path, "r");
  try {
    const head = Buffer.alloc(1024);
    const { bytesRead } = await file.read(head, 0, head.length, 0);
    // A hole of zeros at the beginning is a file that was truncated under its writer.
    const start = head.findIndex((byte) => byte !== 0);
    const isBinary = start >= 0 && head.subarray(start, bytesRead).includes(0);
    return isBinary ? "is not a text file" : undefined;
  } finally {
    await file.close();
  }
}
