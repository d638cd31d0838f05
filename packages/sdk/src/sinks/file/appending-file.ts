import { openSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { isatty } from "node:tty";
import { PolylogError } from "../../errors.ts";
import type { Problems } from "../../problems.ts";
import { descriptorSink } from "../byte-sink.ts";
import type { LineSink } from "../sink.ts";
import { sinkProblems } from "../sink-problems.ts";
import { TurnWriter } from "../turn-writer.ts";
import { onSighup } from "./hangup.ts";
import type { Housekeeping } from "./housekeeping.ts";
import { PatientFile } from "./patient-file.ts";
import { RotatingFile } from "./rotating-file.ts";
import type { Rotation } from "./rotation.ts";

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

/** Begins the file anew at times, and looks after those that were moved aside. */
export interface Rotating {
  readonly rotation: Rotation;
  /** @param path of the file, from the root */
  housekeepingOf(path: string): Housekeeping;
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
  { rotation, housekeepingOf }: Partial<Rotating> = {},
): LineSink {
  const { durability = "turn", now = Date.now } = options;
  const problems = sinkProblems(options.problems);
  // A later chdir must not lead the log elsewhere.
  const place = resolve(path);
  if (isDevice(place)) return descriptorSink(opened(place), { durability, problems });

  const housekeeping = housekeepingOf?.(place);
  const rotating = new RotatingFile({ path: place, rotation, onRotated: housekeeping?.want, problems, now });
  try {
    rotating.open();
  } catch (cause) {
    throw unopened(place, cause);
  }
  // An earlier process may have ended before its files were compressed.
  housekeeping?.want();

  const file = new PatientFile(place, rotating, problems);
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
