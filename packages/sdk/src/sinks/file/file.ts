import { PolylogError } from "../../errors.ts";
import type { LineSink } from "../sink.ts";
import { sinkProblems } from "../sink-problems.ts";
import { type AppendingFileOptions, appendingFile } from "./appending-file.ts";
import { createHousekeeping } from "./housekeeping.ts";
import { RotatingFile } from "./rotating-file.ts";
import { createRotation, type Interval } from "./rotation.ts";
import type { Size } from "./size.ts";

export interface FileSinkOptions extends AppendingFileOptions {
  /** Size beyond which the file is moved aside and begun anew: bytes, or `"10MB"`, `"64KiB"`. @defaultValue no limit */
  readonly maxSize?: Size | undefined;
  /** Begins the file anew at the full minute, hour, day or week, in UTC. @defaultValue never */
  readonly interval?: Interval | undefined;
  /** Files moved aside that are kept. @defaultValue all */
  readonly keep?: number | undefined;
  /** Compresses files that were moved aside. @defaultValue false */
  readonly gzip?: boolean | undefined;
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
  const { keep, gzip = false } = options;
  const problems = sinkProblems(options.problems);
  const rotation = createRotation(options.maxSize, options.interval);
  if (keep !== undefined && !(Number.isInteger(keep) && keep >= 0)) {
    throw new PolylogError("POLYLOG_E_CONFIG", `fileSink: keep is ${keep}`, {
      remedy: "Give a whole number.",
    });
  }
  return appendingFile(path, { ...options, problems }, (followed) => {
    const housekeeping = createHousekeeping({ path: followed.path, keep, isCompressed: gzip, problems });
    const onRotated = housekeeping.want;
    return { file: new RotatingFile({ ...followed, rotation, onRotated, problems }), housekeeping };
  });
}
