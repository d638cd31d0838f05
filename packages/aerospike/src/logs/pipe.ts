import { execFileSync } from "node:child_process";
import { constants, mkdtempSync, openSync, readSync, rmSync } from "node:fs";
import { Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AerospikeLogsError } from "../errors.ts";

/** A pipe of this process: native code writes to the one end, and what it wrote comes out of the other. */
export interface Pipe {
  /** The descriptor to write to. Never closed: native code keeps it. */
  readonly descriptor: number;
  /** Reads at once what lies ready; for the end of the process. */
  drain(): void;
}

/** What Linux and macOS keep of what nobody has read yet. */
const CAPACITY = 65_536;
/** More than that of it in use at once: what didn't fit may be lost. */
const NEARLY_FULL = CAPACITY - 4_096;

/** How often the whole pipe is read at once: other threads may fill it faster, without end. */
const MOST_TURNS = 16;

/**
 * Opens a pipe by a named one, whose name is taken away again at once. Writing never blocks: the client writes from the thread
 * that reads here, too, and would wait for itself.
 *
 * @param onOverflow called when it was found full, so that lines may have been lost
 */
export function openPipe(onText: (text: string) => void, onOverflow: () => void): Pipe {
  const { reader, writer } = openEnds();
  // UTF-8 may be cut between two pieces.
  const decoder = new TextDecoder();
  const take = (chunk: Uint8Array) => {
    onText(decoder.decode(chunk, { stream: true }));
    if (chunk.length >= NEARLY_FULL) onOverflow();
  };
  let isDraining = false;
  const socket = new Socket({ fd: reader, readable: true, writable: false });
  socket.on("data", take);
  // There is nobody to tell, and nothing comes after it.
  socket.on("error", () => {});
  socket.unref();
  return {
    descriptor: writer,
    drain() {
      // What takes a record may flush, and come here again.
      if (isDraining) return;
      isDraining = true;
      try {
        const buffer = Buffer.alloc(CAPACITY);
        for (let turn = 0; turn < MOST_TURNS; turn++) {
          const length = readSome(reader, buffer);
          if (length === 0) break;
          take(buffer.subarray(0, length));
        }
      } finally {
        isDraining = false;
      }
    },
  };
}

function openEnds(): { reader: number; writer: number } {
  const folder = mkdtempSync(join(tmpdir(), "polylog-aerospike-"));
  try {
    const path = join(folder, "log");
    execFileSync("mkfifo", ["-m", "600", path], { stdio: "ignore" });
    // The reader first: nobody can open the other end without waiting before there is one.
    const reader = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    const writer = openSync(path, constants.O_WRONLY | constants.O_NONBLOCK);
    return { reader, writer };
  } catch (cause) {
    throw new AerospikeLogsError("POLYLOG_E_AEROSPIKE_PIPE", `no pipe can be made in ${tmpdir()}`, {
      cause,
      remedy:
        "Logs of the client need a system with mkfifo, such as Linux or macOS, and a folder for temporary files.",
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** How much was read; nothing when nothing lies ready. */
function readSome(descriptor: number, buffer: Buffer): number {
  try {
    return readSync(descriptor, buffer);
  } catch {
    return 0;
  }
}
