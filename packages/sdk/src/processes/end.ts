import type { ChildProcess } from "node:child_process";
import type { System } from "../logger/record.ts";
import type { Polylog } from "../polylog.ts";

/** Logs that a child has ended otherwise than it should: not by itself with code 0, and not by a signal of ours. */
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
    level: "error",
    system,
    message: signal === null ? `ended with code ${code}` : `ended by ${signal}`,
    metadata: signal === null ? { pid, code } : { pid, signal },
    context: {},
  });
}
