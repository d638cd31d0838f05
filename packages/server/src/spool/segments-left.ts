import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Logger } from "../log.ts";
import { countSegment, type SegmentFile } from "./segment.ts";
import { namesIn, segmentOf } from "./segment-name.ts";

/** A file of the spool. */
export interface Segment extends SegmentFile {
  /** Where the last batch that is on disk for good ends. */
  size: number;
  batches: number;
  rows: number;
  /** When each batch came that is not stored, in milliseconds since 1970. */
  readonly times: number[];
  /** Where the oldest batch begins that is not stored. */
  readTo: number;
  isDamaged: boolean;
}

/** Segments that an earlier process left, oldest first. What else lies there is told of, and let be. */
export async function findSegments(
  directory: string,
  log: Logger,
): Promise<{ segments: Segment[]; lastNumber: number; damagedBytes: number }> {
  const segments: Segment[] = [];
  let lastNumber = 0;
  let damagedBytes = 0;
  for (const name of await namesIn(directory)) {
    const path = join(directory, name);
    const found = segmentOf(directory, name);
    const file = await stat(path);
    if (found === undefined || !file.isFile()) {
      log.warn("a file in the spool's folder is not the spool's, and is let be", { path });
      continue;
    }
    const { number, magic, isDamaged } = found;
    const { size, mtimeMs } = file;
    lastNumber = number;
    if (isDamaged) {
      damagedBytes += size;
      continue;
    }
    const counts = await countSegment(found, size);
    // When it was written last is all that is known now of when its batches came.
    const times = new Array<number>(counts.batches).fill(mtimeMs);
    segments.push({ path, magic, size, ...counts, times, readTo: 0, isDamaged: false });
  }
  return { segments, lastNumber, damagedBytes };
}

/** Bytes of the files that are kept since they were damaged. */
export async function damagedBytesIn(directory: string): Promise<number> {
  let bytes = 0;
  for (const name of await namesIn(directory)) {
    const found = segmentOf(directory, name);
    if (found?.isDamaged) bytes += (await stat(found.path)).size;
  }
  return bytes;
}
