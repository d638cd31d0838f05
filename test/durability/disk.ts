import { execFileSync } from "node:child_process";
import { closeSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** A place for a server's data. */
export interface Disk {
  readonly directory: string;
  /** Why it can't be filled; undefined when it can. */
  readonly unfillable: string | undefined;
  /** Takes all room that is left. */
  fill(): void;
  /** Gives it back. */
  free(): void;
  remove(): void;
}

/** Enough for a server that keeps its parts for some minutes, little enough to fill at once. */
const SIZE = "768m";
const CHUNK = Buffer.alloc(1 << 20);

/** A small disk in memory where that is allowed (it takes root), else a folder, which can't be filled. */
export function createDisk(): Disk {
  const directory = mkdtempSync(join(tmpdir(), "polylog-oracle-"));
  const unfillable = mount(directory);
  const filler = join(directory, "filler");
  return {
    directory,
    unfillable,
    fill() {
      const file = openSync(filler, "a");
      try {
        for (let chunk = CHUNK; ; ) {
          try {
            writeSync(file, chunk);
          } catch (error) {
            if ((error as NodeJS.ErrnoException).code !== "ENOSPC") throw error;
            if (chunk.length === 1) return;
            // The last kilobytes, too.
            chunk = chunk.subarray(0, chunk.length >> 1);
          }
        }
      } finally {
        closeSync(file);
      }
    },
    free: () => rmSync(filler, { force: true }),
    remove() {
      if (unfillable === undefined) execFileSync("umount", ["--lazy", directory]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

/** Why it could not be mounted, if so. */
function mount(directory: string): string | undefined {
  if (process.platform !== "linux") return `disks are not filled on ${process.platform}`;
  if (process.getuid?.() !== 0) return "disks are not filled: mounting one takes root";
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", `size=${SIZE}`, "tmpfs", directory], { stdio: "pipe" });
    return undefined;
  } catch (error) {
    return `disks are not filled: ${(error as Error).message.trim().split("\n").at(-1)}`;
  }
}
