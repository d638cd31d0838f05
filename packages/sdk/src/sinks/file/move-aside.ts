import { closeSync, existsSync, openSync, realpathSync, renameSync, statSync, unlinkSync } from "node:fs";

/** Milliseconds after which a lock is left over from a process that died. A rotation takes less than one. */
const STALE = 10_000;

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

/** Another process may have been quicker. */
export function removeIfThere(path: string): void {
  try {
    unlinkSync(path);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
  }
}
