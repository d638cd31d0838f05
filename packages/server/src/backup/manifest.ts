import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { PolylogError } from "../errors.ts";

/** Of how a backup is laid out. */
const FORMAT = 1;
const MANIFEST = "polylog-backup.json";
/** The engine's own archive, beside the manifest. */
export const ARCHIVE = "data.tar";
/** What a backup's folder is called until it is complete. */
export const UNFINISHED = ".unfinished";

const manifestSchema = z.object({
  format: z.number().int(),
  /** Of the Polylog that wrote it. */
  polylog: z.string(),
  /** Version of the tables. */
  schema: z.number().int(),
  /** Version of ClickHouse. */
  engine: z.string(),
  database: z.string().min(1).max(200),
  /** RFC 3339. */
  createdAt: z.iso.datetime(),
  bytes: z.number().int().nonnegative(),
  /** Of the archive, in hex: the engine restores a damaged one without a word. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});

/** What a backup says of itself. It is written last: what has one is complete. */
export type BackupManifest = z.infer<typeof manifestSchema>;

export function manifestFile(folder: string): string {
  return join(folder, MANIFEST);
}

export function manifestText(manifest: Omit<BackupManifest, "format">): string {
  return `${JSON.stringify({ format: FORMAT, ...manifest }, null, 2)}\n`;
}

/**
 * Reads what a backup says of itself.
 *
 * Rejects with `POLYLOG_E_CONFIG` when the folder is no backup, is incomplete or of a newer Polylog.
 */
export async function readManifest(folder: string): Promise<BackupManifest> {
  let text: string;
  try {
    text = await readFile(manifestFile(folder), "utf8");
  } catch (cause) {
    const isUnfinished = folder.endsWith(UNFINISHED);
    throw new PolylogError(
      "POLYLOG_E_CONFIG",
      isUnfinished ? `The backup ${folder} was never finished.` : `${folder} is not a backup of Polylog.`,
      { cause, remedy: `Name the folder of a backup: it holds a file ${MANIFEST}.` },
    );
  }
  const parsed = manifestSchema.safeParse(parseJson(text));
  if (!parsed.success) {
    throw new PolylogError("POLYLOG_E_CONFIG", `${manifestFile(folder)} is damaged.`, {
      cause: parsed.error,
      remedy: "Use another backup.",
    });
  }
  if (parsed.data.format > FORMAT) {
    throw new PolylogError(
      "POLYLOG_E_SCHEMA",
      `${folder} was written by a newer Polylog (${parsed.data.polylog}).`,
      {
        remedy: "Restore it with that one.",
      },
    );
  }
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
