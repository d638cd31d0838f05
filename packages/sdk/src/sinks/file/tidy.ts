import { compressRotated } from "./compress.ts";
import { prune } from "./rotated.ts";

/** Removes all rotated files but the newest `keep`, all being kept when it is `undefined`, and compresses the rest. */
export async function tidy(path: string, keep: number | undefined, isCompressed: boolean): Promise<void> {
  if (keep !== undefined) prune(path, keep);
  if (isCompressed) await compressRotated(path);
}
