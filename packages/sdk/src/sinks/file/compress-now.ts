import { closeSync, fsyncSync, openSync, readFileSync, renameSync, statSync, writeSync } from "node:fs";
import { builtin } from "../../builtin.ts";
import { removeIfThere } from "./move-aside.ts";
import { rotatedFiles } from "./rotated.ts";

/** Milliseconds; twenty times what a process takes to see that its file was moved. */
export const REST = 1_000;
/** Bytes that the end of a process may be held up for: some tenths of a second. */
const MOST = 16 * 1024 * 1024;

/**
 * Compresses files that were rotated away and are at rest, the oldest first, as many as are soon done: for the end of a
 * process that was there too briefly to do it beside its work. What it leaves is the next process's.
 */
export function compressNow(path: string): void {
  let room = MOST;
  for (const file of rotatedFiles(path)) {
    if (!file.isPlain) continue;
    const found = statSync(file.path, { throwIfNoEntry: false });
    if (found === undefined || Date.now() - found.ctimeMs < REST || found.size > room) continue;
    room -= found.size;
    compress(file.path, found.mode);
  }
}

/** As the process that has time for it does: first whole and on the disk, then under its name, then instead of the other. */
function compress(path: string, mode: number): void {
  const draft = `${path}.gz.${crypto.randomUUID().slice(0, 8)}.tmp`;
  try {
    const bytes = readFileSync(path);
    const packed = builtin("node:zlib")!.gzipSync(bytes);
    const target = openSync(draft, "wx", mode);
    try {
      for (let at = 0; at < packed.length; ) at += writeSync(target, packed, at);
      fsyncSync(target);
    } finally {
      closeSync(target);
    }
    // Another process was quicker, or has added to it after all.
    if (statSync(path, { throwIfNoEntry: false })?.size !== bytes.length) {
      removeIfThere(draft);
      return;
    }
    renameSync(draft, `${path}.gz`);
  } catch (error) {
    removeIfThere(draft);
    throw error;
  }
  removeIfThere(path);
}
