/** The name of the root logger. */
export const ROOT = "root";

/**
 * The segments of a logger's name: `my_core::cluster` and `my_core.cluster` are the same logger. Empty for the root.
 *
 * @example
 * segmentsOf("aerospike_core::cluster"); // ["aerospike_core", "cluster"]
 */
export function segmentsOf(name: string): readonly string[] {
  if (name === ROOT) return [];
  return name.split(/::|\./).filter((segment) => segment !== "");
}

/** One spelling for all names of a logger. */
export function canonicalName(name: string): string {
  return segmentsOf(name).join(".");
}

/** True when `target` is the logger `name` or an ancestor of it. Both canonical; the empty target governs all. */
export function governs(target: string, name: string): boolean {
  return target === "" || name === target || (name.startsWith(target) && name[target.length] === ".");
}
