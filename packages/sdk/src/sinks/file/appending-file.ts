import { openSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { isatty } from "node:tty";
import { PolylogError } from "../../errors.ts";
import type { Problems } from "../../problems.ts";
import { descriptorSink } from "../byte-sink.ts";
import type { LineSink } from "../sink.ts";
import { sinkProblems } from "../sink-problems.ts";
import { TurnWriter } from "../turn-writer.ts";
import { FollowedFile, type FollowedFileOptions } from "./followed-file.ts";
import { onSighup } from "./hangup.ts";
import type { Housekeeping } from "./housekeeping.ts";
import { type Attempt, PatientFile } from "./patient-file.ts";

export interface AppendingFileOptions {
  /**
   * Opens the file anew on SIGHUP; the signal then doesn't end the process. @defaultValue true, unless the process runs
   * on a terminal, where the signal means that it was closed
   */
  readonly reopenOnSighup?: boolean | undefined;
  /**
   * `turn` writes the lines of a turn of the event loop together; nothing of it is lost but under SIGKILL. `record` writes
   * each before the call returns. @defaultValue `turn`
   */
  readonly durability?: "turn" | "record" | undefined;
  readonly problems?: Problems | undefined;
  /** Milliseconds since 1970. @defaultValue `Date.now` */
  readonly now?: (() => number) | undefined;
}

/** A file that is begun anew at times, and what looks after those that were moved aside. */
export interface Rotated {
  readonly file: Attempt;
  readonly housekeeping: Housekeeping;
}

/**
 * What a file sink is without the options that few use: `POLYLOG_FILE` has none of them, and programs that log to no other
 * file don't carry their code.
 *
 * @throws PolylogError `POLYLOG_E_SINK` when the file can't be opened
 */
export function appendingFile(
  path: string,
  options: AppendingFileOptions = {},
  rotated?: (file: FollowedFileOptions) => Rotated,
): LineSink {
  const { durability = "turn", now = Date.now } = options;
  const problems = sinkProblems(options.problems);
  // A later chdir must not lead the log elsewhere.
  const place = resolve(path);
  if (isDevice(place)) return descriptorSink(opened(place), { durability, problems });

  const followed = { path: place, now };
  const { file: attempt, housekeeping } = rotated?.(followed) ?? { file: new FollowedFile(followed) };
  try {
    attempt.open();
  } catch (cause) {
    throw unopened(place, cause);
  }
  // An earlier process may have ended before its files were compressed.
  housekeeping?.want();

  const file = new PatientFile(place, attempt, problems);
  const writer = new TurnWriter({
    output: file,
    durability,
    onLost(_error, lines) {
      file.dropped += lines;
    },
  });
  const flush = (isEnding?: boolean) => {
    writer.flush(isEnding);
    file.retry();
    if (isEnding) housekeeping?.finishNow();
  };
  const isReopened = options.reopenOnSighup ?? ![0, 1, 2].some((descriptor) => isatty(descriptor));
  const forget = isReopened
    ? onSighup(() => {
        flush();
        file.reopen();
      })
    : undefined;

  return {
    writeLine: (line) => writer.write(line),
    flush: async () => flush(),
    flushSync: flush,
    async close() {
      forget?.();
      flush();
      file.close();
      await housekeeping?.finish();
    },
    get dropped() {
      return file.dropped;
    },
  };
}

/**
 * Pipes, terminals and the null device can't be rotated, and may not be ready at once. What is called as if it were one,
 * such as /dev/stdout when that is a file, is somebody else's to rotate.
 */
function isDevice(path: string): boolean {
  if (/^\/(?:dev|proc)\//.test(path)) return true;
  const found = statSync(path, { throwIfNoEntry: false });
  return found !== undefined && !found.isFile() && !found.isDirectory();
}

function opened(path: string): number {
  try {
    return openSync(path, "a");
  } catch (cause) {
    throw unopened(path, cause);
  }
}

function unopened(path: string, cause: unknown): PolylogError {
  return new PolylogError("POLYLOG_E_SINK", `fileSink: ${path} can't be opened: ${cause}`, {
    cause,
    remedy: "Give a path to a file that this user may write.",
  });
}
