import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  realpathSync,
  renameSync,
  statSync,
  unlinkSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";

/** Milliseconds after which a lock is left over from a process that died. A rotation takes less than one. */
const STALE = 10_000;

/** A file that was rotated away. */
export interface RotatedFile {
  /** Without `.gz`. */
  readonly path: string;
  readonly isPlain: boolean;
  readonly isCompressed: boolean;
}

/**
 * Moves a file aside, under its name and the time of its last record in UTC: `app.log.20261121T140336123Z`.
 *
 * @param isStillOurs looks again, now that no other process can rotate
 * @returns false when another process is about it, and nothing was done
 */
export function moveAside(path: string, isStillOurs: () => boolean): boolean {
  // Behind a link it is the file that moves; the link then leads to the new one.
  const place = realpathSync(path);
  const lock = `${place}.rotating`;
  if (!take(lock)) return false;
  try {
    if (isStillOurs()) renameSync(place, freeName(place));
    return true;
  } finally {
    removeIfThere(lock);
  }
}

/** Processes that write to the same file take turns. */
function take(lock: string): boolean {
  const found = statSync(lock, { throwIfNoEntry: false });
  if (found !== undefined && Date.now() - found.mtimeMs > STALE) removeIfThere(lock);
  try {
    closeSync(openSync(lock, "wx"));
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "EEXIST") return false;
    throw error;
  }
}

function freeName(path: string): string {
  for (let time = Math.floor(statSync(path).mtimeMs); ; time++) {
    const name = `${path}.${new Date(time).toISOString().replace(/[-:.]/g, "")}`;
    if (!existsSync(name) && !existsSync(`${name}.gz`)) return name;
  }
}

/** All files that were moved aside, the oldest first. */
export function rotatedFiles(path: string): RotatedFile[] {
  const prefix = `${basename(path)}.`;
  const found = new Map<string, { isPlain: boolean; isCompressed: boolean }>();
  for (const name of readdirSync(dirname(path))) {
    const [, time, end] = name.startsWith(prefix)
      ? (/^(\d{8}T\d{9}Z)(\.gz)?$/.exec(name.slice(prefix.length)) ?? [])
      : [];
    if (time === undefined) continue;
    const file = found.get(time) ?? { isPlain: false, isCompressed: false };
    if (end === undefined) file.isPlain = true;
    else file.isCompressed = true;
    found.set(time, file);
  }
  const times = [...found.keys()].sort();
  return times.map((time) => ({ path: join(dirname(path), prefix + time), ...found.get(time)! }));
}

/** Removes the oldest, so that `keep` are left. */
export function prune(path: string, keep: number): void {
  const files = rotatedFiles(path);
  for (const file of files.slice(0, Math.max(0, files.length - keep))) {
    removeIfThere(file.path);
    removeIfThere(`${file.path}.gz`);
  }
}

/** Another process may have been quicker. */
export function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
