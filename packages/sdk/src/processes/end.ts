import type { ChildProcess } from "node:child_process";
import type { System } from "../logger/record.ts";
import type { Polylog } from "../polylog.ts";

/** By which people and supervisors ask a process to end; a terminal sends the first to all that run in it. */
const ASKING: ReadonlySet<unknown> = new Set<NodeJS.Signals>(["SIGINT", "SIGTERM", "SIGHUP"]);

/** Logs that a child has ended otherwise than by itself with code 0, or by a signal of ours: an error, unless it was asked to. */
export function tellEnd(
  { pid, killed }: Pick<ChildProcess, "pid" | "killed">,
  {
    logger,
    system,
    polylog,
  }: { readonly logger: string; readonly system: System; readonly polylog: Polylog },
  code: number | null,
  signal: NodeJS.Signals | null,
): void {
  if (pid === undefined || (code === 0 && signal === null) || (signal !== null && killed)) return;
  polylog.emit({
    logger,
    level: ASKING.has(signal) ? "info" : "error",
    system,
    message: signal === null ? `ended with code ${code}` : `ended by ${signal}`,
    metadata: signal === null ? { pid, code } : { pid, signal },
    context: {},
  });
}
