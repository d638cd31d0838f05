import { opendir, stat } from "node:fs/promises";
import { join, parse, resolve, sep } from "node:path";
import { segmentMatcher } from "./glob-segment.ts";

/** Directories and files looked at for one glob; `/**` on a whole disk must not take all memory. */
const MAX_VISITED = 200_000;
const MAX_ALTERNATIVES = 1000;

/**
 * The files that a glob names, absolute, in order. Knows `*`, `?`, `[a-z]`, `{a,b}` and, as a whole segment,
 * `**`. Names that begin with a dot need a pattern that does. Links to directories are not followed by `**`.
 *
 * A directory that can't be read is reported and passed over.
 *
 * @example
 * await expandGlob("/var/log/{nginx,apache2}/*.log", (path, error) => log.warn(`${path}: ${error.message}`));
 */
export async function expandGlob(
  glob: string,
  onError: (path: string, error: Error) => void,
): Promise<string[]> {
  const found = new Set<string>();
  const budget = { visits: MAX_VISITED };
  for (const pattern of expandBraces(resolve(glob))) {
    const { root } = parse(pattern);
    const segments = pattern.slice(root.length).split(sep).filter(Boolean);
    await walk(root, segments, { found, budget, onError });
  }
  return [...found].sort();
}

/** True when a path holds anything that a glob gives a meaning. */
export function isGlob(path: string): boolean {
  return /[*?[{]/.test(path);
}

interface Search {
  readonly found: Set<string>;
  readonly budget: { visits: number };
  readonly onError: (path: string, error: Error) => void;
}

async function walk(directory: string, segments: readonly string[], search: Search): Promise<void> {
  const [segment, ...rest] = segments;
  if (segment === undefined || search.budget.visits-- <= 0) return;
  if (!isGlob(segment)) {
    const path = join(directory, segment);
    if (rest.length > 0) await walk(path, rest, search);
    else if (await isFile(path, search)) search.found.add(path);
    return;
  }
  if (segment === "**" && rest.length > 0) await walk(directory, rest, search);
  const isMatch = segmentMatcher(segment === "**" ? "*" : segment);
  for (const entry of await entriesOf(directory, search)) {
    if (!isMatch(entry.name)) continue;
    const path = join(directory, entry.name);
    if (segment === "**") {
      if (entry.isDirectory()) await walk(path, segments, search);
      else if (rest.length === 0 && (await isFile(path, search))) search.found.add(path);
    } else if (rest.length > 0) {
      if (!entry.isFile()) await walk(path, rest, search);
    } else if (entry.isFile() || (entry.isSymbolicLink() && (await isFile(path, search)))) {
      search.found.add(path);
    }
  }
}

async function entriesOf(directory: string, { budget, onError }: Search) {
  const entries = [];
  try {
    for await (const entry of await opendir(directory)) {
      if (budget.visits-- <= 0) break;
      entries.push(entry);
    }
  } catch (error) {
    if (!isAbsent(error)) onError(directory, error as Error);
  }
  return entries;
}

async function isFile(path: string, { onError }: Search): Promise<boolean> {
  try {
    return (await stat(path)).isFile();
  } catch (error) {
    if (!isAbsent(error)) onError(path, error as Error);
    return false;
  }
}

/** True when an error says that there is no such file. */
export function isAbsent(error: unknown): boolean {
  const { code } = error as { code?: unknown };
  return code === "ENOENT" || code === "ENOTDIR";
}

/** `a{b,c}d` as `abd`, `acd`; braces may nest. */
function expandBraces(pattern: string): string[] {
  const open = pattern.indexOf("{");
  if (open < 0) return [pattern];
  const parts: string[] = [];
  let depth = 0;
  let from = open + 1;
  for (let at = open; at < pattern.length; at++) {
    const c = pattern[at];
    if (c === "{") depth++;
    else if (c === "," && depth === 1) {
      parts.push(pattern.slice(from, at));
      from = at + 1;
    } else if (c === "}" && --depth === 0) {
      parts.push(pattern.slice(from, at));
      const before = pattern.slice(0, open);
      const after = pattern.slice(at + 1);
      return parts.flatMap((part) => expandBraces(before + part + after)).slice(0, MAX_ALTERNATIVES);
    }
  }
  return [pattern];
}
