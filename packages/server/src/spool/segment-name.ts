import { randomBytes } from "node:crypto";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { MAGIC_BYTES } from "./frame.ts";
import type { SegmentFile } from "./segment.ts";

/** Its number, and its frames' magic in hex; what was damaged keeps its number. */
const NAME = /^(\d{10})-([0-9a-f]{16})\.spool(\.damaged)?$/;

/** A file of frames that is yet to be made. */
export function newSegment(directory: string, number: number): SegmentFile {
  const magic = randomBytes(MAGIC_BYTES);
  return {
    path: join(directory, `${String(number).padStart(10, "0")}-${magic.toString("hex")}.spool`),
    magic,
  };
}

/** What a file is by its name; undefined when it is none of ours. */
export function segmentOf(
  directory: string,
  name: string,
): (SegmentFile & { readonly number: number; readonly isDamaged: boolean }) | undefined {
  const [, number, magic = "", damaged] = NAME.exec(name) ?? [];
  if (number === undefined) return undefined;
  return {
    path: join(directory, name),
    number: Number(number),
    magic: Buffer.from(magic, "hex"),
    isDamaged: damaged !== undefined,
  };
}

/** In order. None where there is no directory. */
export async function namesIn(directory: string): Promise<string[]> {
  try {
    return (await readdir(directory)).sort();
  } catch (error) {
    // What can't be read for another reason may hold records that were acknowledged.
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
