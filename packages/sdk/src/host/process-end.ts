import { isMainThread } from "node:worker_threads";

/** Signals that end a process by default and can be caught. */
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Calls `end` whenever the process is about to end: naturally, by `process.exit`, by an error that nobody caught, by a
 * signal. The process ends as it would have: a signal that nobody else listens to is raised again without us, so the
 * parent sees the signal and not an exit code.
 *
 * @param end `isLast` is false while somebody else may still log, and decide whether the process ends at all
 */
export function onProcessEnd(end: (isLast: boolean) => void): void {
  process.on("exit", () => end(true));
  // Worker threads get no signals, and may not listen.
  if (!isMainThread) return;
  for (const signal of SIGNALS) listenTo(signal, end);
}

function listenTo(signal: NodeJS.Signals, end: (isLast: boolean) => void): void {
  const onSignal = () => {
    const isAlone = process.listenerCount(signal) === 1;
    end(isAlone);
    // Others raise the signal again when they find themselves alone: so they must not find us.
    process.removeListener(signal, onSignal);
    if (isAlone) process.kill(process.pid, signal);
    else setImmediate(() => process.prependListener(signal, onSignal));
  };
  // First, because a listener that was added by `once` is gone when it is called, and would not be counted.
  process.prependListener(signal, onSignal);
}
