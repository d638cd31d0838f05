import { readdirSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { removeIfThere } from "./move-aside.ts";

/** A file that was rotated away. */
export interface RotatedFile {
  /** Without `.gz`. */
  readonly path: string;
  readonly isPlain: boolean;
  readonly isCompressed: boolean;
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
