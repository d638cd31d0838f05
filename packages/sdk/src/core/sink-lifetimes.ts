import type { Problems } from "../problems.ts";
import type { Sink } from "../sinks/sink.ts";
import type { Target } from "./target.ts";

/** Flushes or closes sinks side by side. One that can't is told of, and holds up no other. Never rejects. */
export async function settleSinks(
  sinks: readonly Sink[],
  what: "flush" | "close",
  problems: Problems,
  isReplaced = false,
): Promise<void> {
  const all = sinks.map(async (sink) => {
    if (typeof sink === "object") await (what === "flush" ? sink.flush?.() : sink.close?.(isReplaced));
  });
  for (const outcome of await Promise.allSettled(all)) {
    if (outcome.status === "rejected") {
      problems.tell("POLYLOG_E_SINK", what, `a sink could not ${what}: ${outcome.reason}`);
    }
  }
}

/** Brings out what sinks can without waiting; for good when the process ends. One that throws holds up no other. */
export function flushSinksSync(sinks: readonly Sink[], problems: Problems, isEnding: boolean): void {
  for (const sink of sinks) {
    try {
      if (typeof sink === "object") sink.flushSync?.(isEnding);
    } catch (error) {
      problems.tell("POLYLOG_E_SINK", "flushSync", `a sink could not be flushed: ${error}`);
    }
  }
}

/** Records that a sink lost. */
export function droppedBy(sink: Sink): number {
  return typeof sink === "object" ? (sink.dropped ?? 0) : 0;
}

/** Records that targets and their sinks lost. */
export function lostBy(targets: Iterable<Target>): number {
  let lost = 0;
  for (const { failed, sink } of targets) lost += failed + droppedBy(sink);
  return lost;
}
