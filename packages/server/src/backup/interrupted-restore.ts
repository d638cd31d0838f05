import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { PolylogError } from "../errors.ts";

/**
 * A restore that was killed at its very end has put the old store aside, and the new one not yet in its place. To begin
 * an empty one there would hide that.
 *
 * Rejects with `POLYLOG_E_CONFIG` then.
 */
export async function refuseInterruptedRestore(dataDirectory: string): Promise<void> {
  const names = await readdir(dataDirectory).catch((): string[] => []);
  const before = names.filter((name) => name.startsWith("engine.before-")).sort();
  const putAside = before.at(-1);
  if (putAside === undefined || names.includes("engine") || !names.includes("engine.restoring")) return;
  const path = join(dataDirectory, putAside);
  throw new PolylogError(
    "POLYLOG_E_CONFIG",
    `${dataDirectory} holds no store: a restore was interrupted after it had put the old one aside.`,
    {
      remedy: `Restore again with \`polylog restore\`, or rename ${path} to ${join(dataDirectory, "engine")} to have the old store back.`,
    },
  );
}
