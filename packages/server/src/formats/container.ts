import type { Clock } from "./time/clock.ts";
import { scanTime } from "./time/scan.ts";

/** A program's own line, taken out of what a container runtime wraps around it. */
export interface UnwrappedLine {
  readonly text: string;
  readonly stream: string;
  readonly timestamp: bigint | undefined;
  /** False when the runtime cut the line and the rest follows. */
  readonly isWhole: boolean;
}

/**
 * The line inside a container runtime's: Docker's json-file driver (`{"log":"…\n","stream":"stdout","time":"…"}`)
 * or the Container Runtime Interface (`2026-11-21T10:41:07.1Z stdout F …`), `undefined` when it is neither.
 *
 * Source: Docker, "JSON File logging driver"; Kubernetes, `kubelet` CRI logging.
 */
export function unwrapContainerLine(line: string, clock: Clock): UnwrappedLine | undefined {
  if (line.startsWith('{"log":"')) return unwrapDocker(line, clock);
  return line.charCodeAt(10) === 84 ? unwrapCri(line, clock) : undefined;
}

function unwrapDocker(line: string, clock: Clock): UnwrappedLine | undefined {
  let value: { log?: unknown; stream?: unknown; time?: unknown };
  try {
    value = JSON.parse(line) as typeof value;
  } catch {
    return undefined;
  }
  const { log, stream, time } = value;
  if (typeof log !== "string" || typeof time !== "string") return undefined;
  if (stream !== "stdout" && stream !== "stderr") return undefined;
  const isWhole = log.endsWith("\n");
  return {
    text: isWhole ? log.slice(0, log.endsWith("\r\n") ? -2 : -1) : log,
    stream,
    timestamp: scanTime(time, 0, clock)?.nanoseconds,
    isWhole,
  };
}

function unwrapCri(line: string, clock: Clock): UnwrappedLine | undefined {
  const found = /^(\S{20,40}) (stdout|stderr) ([FP])(?: |$)/.exec(line.slice(0, 64));
  if (found === null) return undefined;
  const [all, time, stream, tag] = found;
  const timestamp = scanTime(time!, 0, clock);
  if (timestamp === undefined) return undefined;
  return {
    text: line.slice(all.length),
    stream: stream!,
    timestamp: timestamp.nanoseconds,
    isWhole: tag === "F",
  };
}
