import { isMainThread } from "node:worker_threads";

/** Signals that end a process by default and can be caught. */
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/**
 * Calls `end` whenever the process is about to end: naturally, by `process.exit`, by an error that nobody caught, by a
 * signal. The process ends as it would have: a signal that nobody else listens to is raised again without us, so the
 * parent sees the signal and not an exit code.
 */
export function onProcessEnd(end: () => void): void {
  process.on("exit", end);
  // Worker threads get no signals, and may not listen.
  if (!isMainThread) return;
  for (const signal of SIGNALS) {
    const onSignal = () => {
      end();
      if (process.listenerCount(signal) > 1) return;
      process.removeListener(signal, onSignal);
      process.kill(process.pid, signal);
    };
    process.on(signal, onSignal);
  }
}
