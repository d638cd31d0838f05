import { createRequire } from "node:module";
import { join } from "node:path";

/** All CommonJS modules that this process has loaded. */
const { cache } = createRequire(import.meta.url);

/**
 * What a CommonJS file exports that has been loaded already.
 *
 * @param file package and path in it, with this system's separators: `aerospike/lib/status.js`
 */
export function loadedExports(file: string): unknown {
  const ending = join("node_modules", file);
  const path = Object.keys(cache).find((path) => path.endsWith(ending));
  return path === undefined ? undefined : cache[path]?.exports;
}
