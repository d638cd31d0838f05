import { openSync, statSync } from "node:fs";
import { resolve } from "node:path";
import { isatty } from "node:tty";
import { PolylogError } from "../../errors.ts";
import type { Problems } from "../../problems.ts";
import type { LineSink } from "../sink.ts";
import { sinkProblems } from "../sink-problems.ts";
import { streamSink } from "../stream.ts";
import { TurnWriter } from "../turn-writer.ts";
import { onSighup } from "./hangup.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { PatientFile } from "./patient-file.ts";
import { RotatingFile } from "./rotating-file.ts";
import { createRotation, type Interval } from "./rotation.ts";
import type { Size } from "./size.ts";

export interface FileSinkOptions {
  /** Size beyond which the file is moved aside and begun anew: bytes, or `"10MB"`, `"64KiB"`. @defaultValue no limit */
  readonly maxSize?: Size | undefined;
  /** Begins the file anew at the full minute, hour, day or week, in UTC. @defaultValue never */
  readonly interval?: Interval | undefined;
  /** Files moved aside that are kept. @defaultValue all */
  readonly keep?: number | undefined;
  /** Compresses files that were moved aside. @defaultValue false */
  readonly gzip?: boolean | undefined;
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

/**
 * Appends lines to a file, which several processes may share. Files that are full, or whose time is over, are moved
 * aside as `app.log.20261121T140336123Z`, the time of their last record. When somebody moves or removes the file, it is
 * begun anew. While the disk is full, 4 MiB are kept, and written when there is room.
 *
 * @throws PolylogError `POLYLOG_E_CONFIG` for an option that makes no sense, `POLYLOG_E_SINK` when the file can't be opened
 * @example
 * configure({ sinks: { file: fileSink("/var/log/app.log", { maxSize: "10MB", interval: "day", keep: 14, gzip: true }) } });
 */
export function fileSink(path: string, options: FileSinkOptions = {}): LineSink {
  const { durability = "turn", keep, now = Date.now } = options;
  const problems = sinkProblems(options.problems);
  const rotation = createRotation(options.maxSize, options.interval);
  if (keep !== undefined && !(Number.isInteger(keep) && keep >= 0)) {
    throw new PolylogError("POLYLOG_E_CONFIG", `fileSink: keep is ${keep}`, {
      remedy: "Give a whole number.",
    });
  }
  // A later chdir must not lead the log elsewhere.
  const place = resolve(path);
  if (isDevice(place)) return streamSink(opened(place), { durability, problems });

  const housekeeping = createHousekeeping({
    path: place,
    keep,
    isCompressed: options.gzip ?? false,
    problems,
  });
  const rotating = new RotatingFile({ path: place, rotation, onRotated: housekeeping.want, problems, now });
  try {
    rotating.open();
  } catch (cause) {
    throw unopened(place, cause);
  }
  // An earlier process may have ended before its files were compressed.
  housekeeping.want();

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
      await housekeeping.finish();
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
