import { realpathSync } from "node:fs";
import type { Problems } from "../../problems.ts";
import { compressNow } from "./compress-now.ts";
import { prune } from "./rotated.ts";

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
  /** Does what is due of a round within the call, as far as that takes no time to speak of: the process ends. */
  finishNow(): void;
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
      if (keep !== undefined) prune(place, keep);
      // Loaded when a file was rotated: most programs bundle it apart, and never load it.
      if (isCompressed) await (await import("./compress.ts")).compressRotated(place);
    } catch (error) {
      tell(error);
    }
  }

  function tell(error: unknown): void {
    problems.tell(
      "POLYLOG_E_SINK",
      `${path} housekeeping`,
      `rotated files of ${path} can't be ${isCompressed ? "compressed or " : ""}removed: ${error}`,
    );
  }

  function forgetTimer(): void {
    clearTimeout(timer);
    timer = undefined;
  }

  function start(): void {
    forgetTimer();
    work = work.then(round);
  }

  return {
    want() {
      if (keep === undefined && !isCompressed) return;
      timer ??= setTimeout(start, DELAY).unref();
    },
    finishNow() {
      if (timer === undefined) return;
      forgetTimer();
      try {
        const place = realpathSync(path);
        if (keep !== undefined) prune(place, keep);
        if (isCompressed) compressNow(place);
      } catch (error) {
        tell(error);
      }
    },
    finish() {
      if (timer !== undefined) start();
      return work;
    },
  };
}
