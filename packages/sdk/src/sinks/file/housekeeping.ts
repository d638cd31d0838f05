import { realpathSync } from "node:fs";
import type { Problems } from "../../problems.ts";

export interface HousekeepingOptions {
  readonly path: string;
  /** Rotated files that are kept; all when it is `undefined`. */
  readonly keep: number | undefined;
  readonly isCompressed: boolean;
  readonly problems: Problems;
}

/** Compresses and removes rotated files, beside the log's own work. */
export interface Housekeeping {
  /** Asks for a round. */
  want(): void;
  /** Resolves when the round that is due or under way is done. */
  finish(): Promise<void>;
}

/** Milliseconds from a rotation to the round it asks for; by then the files are at rest. */
const DELAY = 1_000;

export function createHousekeeping({
  path,
  keep,
  isCompressed,
  problems,
}: HousekeepingOptions): Housekeeping {
  let timer: NodeJS.Timeout | undefined;
  let work: Promise<void> = Promise.resolve();

  async function round(): Promise<void> {
    try {
      const place = realpathSync(path);
      // Loaded when a file was rotated: most programs bundle it apart, and never load it.
      await (await import("./tidy.ts")).tidy(place, keep, isCompressed);
    } catch (error) {
      problems.tell(
        "POLYLOG_E_SINK",
        `${path} housekeeping`,
        `rotated files of ${path} can't be ${isCompressed ? "compressed or " : ""}removed: ${error}`,
      );
    }
  }

  function start(): void {
    clearTimeout(timer);
    timer = undefined;
    work = work.then(round);
  }

  return {
    want() {
      if (keep === undefined && !isCompressed) return;
      timer ??= setTimeout(start, DELAY).unref();
    },
    finish() {
      if (timer !== undefined) start();
      return work;
    },
  };
}
