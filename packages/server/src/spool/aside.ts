import { open, rm, stat } from "node:fs/promises";
import { makeLastingDirectory, syncPath } from "../on-disk.ts";
import { encodeFrame, rowsOf, type SpooledBatch } from "./frame.ts";
import { countSegment } from "./segment.ts";
import { namesIn, newSegment, segmentOf } from "./segment-name.ts";

/** What is kept aside now. */
export interface AsideStatistics {
  readonly batches: number;
  readonly records: number;
  readonly bytes: number;
}

/**
 * Batches that the store can't take for what is in them. Their senders were told that they are safe, so they are kept,
 * though nobody can search them: each in a file of its own, in the form of the spool's, so that it is tried again when
 * somebody moves it there.
 */
export interface Aside {
  /** Resolves with the file's path when it is on disk for good. */
  keep(batch: SpooledBatch): Promise<string>;
  /** Counts anew: somebody may have taken files away. */
  look(): Promise<void>;
  statistics(): AsideStatistics;
}

/**
 * @param clock milliseconds since 1970
 * @example
 * const aside = await openAside(join(dataDirectory, "spool-aside"));
 */
export async function openAside(directory: string, clock: () => number = Date.now): Promise<Aside> {
  let held: AsideStatistics = { batches: 0, records: 0, bytes: 0 };

  const add = (batches: number, records: number, bytes: number): void => {
    held = { batches: held.batches + batches, records: held.records + records, bytes: held.bytes + bytes };
  };

  async function look(): Promise<void> {
    held = { batches: 0, records: 0, bytes: 0 };
    for (const name of await namesIn(directory)) {
      const segment = segmentOf(directory, name);
      if (segment === undefined) continue;
      const { size } = await stat(segment.path);
      const { batches, rows } = await countSegment(segment, size);
      add(batches, rows, size);
    }
  }

  await look();
  return {
    async keep(batch) {
      await makeLastingDirectory(directory);
      // In the order in which they come here; the name's other half tells apart those of one second.
      const { path, magic } = newSegment(directory, Math.floor(clock() / 1000));
      const parts = [magic, ...encodeFrame(batch)];
      try {
        const file = await open(path, "wx", 0o600);
        try {
          for (const part of parts) await file.appendFile(part);
          await file.datasync();
        } finally {
          await file.close();
        }
      } catch (error) {
        await rm(path, { force: true });
        throw error;
      }
      await syncPath(directory);
      add(
        1,
        rowsOf(batch),
        parts.reduce((sum, part) => sum + part.length, 0),
      );
      return path;
    },
    look,
    statistics: () => held,
  };
}
