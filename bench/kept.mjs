import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { MIGRATIONS } from "../packages/server/dist/store/migrations.js";
import { load } from "./load.mjs";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const CACHE = fileURLToPath(new URL("../.cache/bench/", import.meta.url));

/** Changes with the tables: data of other tables than today's would be measured as if they were ours. */
const SCHEMA = createHash("sha256").update(JSON.stringify(MIGRATIONS)).digest("hex").slice(0, 8);

/**
 * A data directory with a day of made-up records, which are made once and kept under .cache/ until the schema of the
 * store is another.
 *
 * @param {string} name whose records they are: the folder begins with it
 * @param {Omit<Parameters<typeof load>[0], "data" | "from" | "to">} options
 * @returns {Promise<{ folder: string, data: string, from: number, to: number, traceId: string }>}
 */
export async function keptData(name, options) {
  const kind = `${name}-${options.count}`;
  const folder = join(CACHE, `${kind}-${SCHEMA}`);
  const data = join(folder, "data");
  const manifest = join(folder, "manifest.json");
  if (!existsSync(manifest)) {
    mkdirSync(CACHE, { recursive: true });
    const stale = readdirSync(CACHE).filter((entry) => entry === kind || entry.startsWith(`${kind}-`));
    for (const entry of stale) rmSync(join(CACHE, entry), { recursive: true, force: true });
    mkdirSync(folder);
    const to = Math.floor(Date.now() / HOUR) * HOUR;
    const loaded = await load({ ...options, data, from: to - DAY, to });
    writeFileSync(manifest, JSON.stringify({ ...loaded, from: to - DAY, to }));
  }
  return { folder, data, ...JSON.parse(readFileSync(manifest, "utf8")) };
}
