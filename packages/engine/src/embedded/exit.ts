import { EngineError } from "../errors.ts";
import type { Exit } from "./process.ts";

/** Why the process ended, as far as it makes a difference to what we do next. */
export type ExitCause = "port-in-use" | "directory-locked" | "disk-full" | "starved" | "crash";

const DISK_FULL = /ENOSPC|No space left on device|NOT_ENOUGH_SPACE/;
/** Memory, processes, files: what the machine may have again later. */
const STARVED =
  /ENOMEM|EAGAIN|EMFILE|ENFILE|Cannot allocate memory|Resource temporarily unavailable|std::bad_alloc|MEMORY_LIMIT_EXCEEDED/;

export function exitCause({ output, signal, reason }: Exit): ExitCause {
  const text = output.join("\n");
  if (text.includes("Address already in use")) return "port-in-use";
  // CANNOT_OPEN_FILE while it takes hold of the file "status".
  if (text.includes("Code: 76.") && text.includes("Cannot lock file")) return "directory-locked";
  if (DISK_FULL.test(text)) return "disk-full";
  // Nobody but the system kills it so when it runs out of memory, unless we did.
  if (STARVED.test(text) || (signal === "SIGKILL" && reason === null)) return "starved";
  return "crash";
}

/** Whether what ended it passes without anybody's doing, or with room that somebody makes. */
export function passes(cause: ExitCause): boolean {
  return cause !== "crash";
}

/** The error for a process that ended by itself, with the last lines that it wrote. */
export function crashed(exit: Exit): EngineError {
  const said = exit.output.length === 0 ? "" : `. It said:\n${exit.output.slice(-15).join("\n")}`;
  return new EngineError("POLYLOG_E_ENGINE_CRASHED", `The engine's process ${howItEnded(exit)}${said}`, {
    remedy: "Look at what it said; the data on disk is safe.",
  });
}

function howItEnded({ code, signal, reason }: Exit): string {
  if (reason !== null) return `was ended because ${reason}`;
  if (signal !== null) return `was ended by ${signal}`;
  return code === null ? "could not be started" : `ended with code ${code}`;
}

/** The error for an engine that has no room to run. */
export function diskFull(directory: string, cause: EngineError): EngineError {
  return new EngineError(
    "POLYLOG_E_ENGINE_UNAVAILABLE",
    `The disk of ${directory} is full: the engine can't run`,
    {
      cause,
      remedy: "Make room on it: the engine is tried again every half minute, and goes on by itself.",
    },
  );
}

/** The error of a process that runs but does not answer. */
export function silent(seconds: number): EngineError {
  return new EngineError("POLYLOG_E_ENGINE_UNAVAILABLE", `The engine has not answered for ${seconds} s`, {
    remedy: "Wait: it goes on by itself, or is started again.",
  });
}

export function directoryLocked(directory: string): EngineError {
  return new EngineError(
    "POLYLOG_E_ENGINE_DIRECTORY_LOCKED",
    `${directory} is in use by another ClickHouse process`,
    { remedy: "Stop that process, or use another directory with --data." },
  );
}
