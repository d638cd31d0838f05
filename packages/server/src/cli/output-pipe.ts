import { execFileSync } from "node:child_process";
import { closeSync, constants, mkdtempSync, openSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Readable } from "node:stream";

/** A pipe that a program writes into and we read. */
export interface OutputPipe {
  readonly reader: Readable;
  /** Given to the program. */
  readonly writeEnd: number;
  /** To be called when the program has its end: the reader ends when nobody holds one any more. */
  closeWriteEnd(): void;
}

/**
 * Real pipes, as a shell makes them, or undefined where there is no `mkfifo`.
 *
 * Node's own `stdio: "pipe"` is a pair of sockets. A program can't open those by name: `echo >/dev/stderr` in a
 * script, or `/dev/stdout` as nginx's log, fails with ENXIO. And it is told ECONNRESET instead of SIGPIPE.
 */
export function openPipes(count: number): OutputPipe[] | undefined {
  if (process.platform === "win32") return undefined;
  const directory = mkdtempSync(join(tmpdir(), "polylog-run-"));
  try {
    const paths = Array.from({ length: count }, (_, index) => join(directory, String(index)));
    execFileSync("mkfifo", ["-m", "600", ...paths], { stdio: "ignore" });
    return paths.map(openPipe);
  } catch {
    return undefined;
  } finally {
    // Both ends are open; the names are needed no longer.
    rmSync(directory, { recursive: true, force: true });
  }
}

function openPipe(path: string): OutputPipe {
  // Non-blocking, else opening would wait for a writer; for the same reason this end comes first.
  const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  const writeEnd = openSync(path, constants.O_WRONLY);
  return {
    reader: new Socket({ fd: readEnd, readable: true, writable: false }),
    writeEnd,
    closeWriteEnd: () => closeSync(writeEnd),
  };
}
