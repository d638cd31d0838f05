import { open } from "node:fs/promises";
import { isSameFile } from "./fingerprint.ts";
import type { FileState } from "./follow-state.ts";

/** Bytes that have to be the same before two files count as copies: many logs begin with the same line. */
const LEAST_LENGTH = 64;

/**
 * The state of the file that `path` is a copy of, as `copytruncate` makes them: `app.log.1` of `app.log`, with
 * the same beginning and at least as long as was read of it. `undefined` when there is none.
 */
export async function findCopied(path: string, states: readonly FileState[]): Promise<FileState | undefined> {
  const candidates = states.filter(
    (state) => isRotatedName(path, state.path) && state.fingerprint.length >= LEAST_LENGTH,
  );
  if (candidates.length === 0) return undefined;
  const file = await open(path, "r");
  try {
    const { size } = await file.stat();
    for (const state of candidates) {
      if (state.offset <= size && (await isSameFile(file, state.fingerprint))) return state;
    }
    return undefined;
  } finally {
    await file.close();
  }
}

/** `app.log.1` and `app.log-20261121` for `app.log`; `app-20261121.log` or `app.1.log`, too. */
function isRotatedName(path: string, original: string): boolean {
  if (path === original) return false;
  if (path.startsWith(`${original}.`) || path.startsWith(`${original}-`)) return true;
  const dot = original.lastIndexOf(".");
  if (dot < 0) return false;
  const [stem, extension] = [original.slice(0, dot), original.slice(dot)];
  return path.endsWith(extension) && /^[.-]/.test(path.slice(stem.length)) && path.startsWith(stem);
}
