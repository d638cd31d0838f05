import { setMaxListeners } from "node:events";

/**
 * A signal that ends with any of some others, and after so many milliseconds at the latest.
 *
 * `AbortSignal.any` alone does not do, as of Node 20.20: it lets go of a timeout that nothing else holds at the next
 * garbage collection, and the signal then never ends; and it leaves something behind at each of the others, which may
 * live as long as the process. So the timeout has a listener, which holds it and takes ours off the others at its end.
 *
 * @example
 * const signal = signalWithin(5_000, stopping.signal);
 */
export function signalWithin(milliseconds: number, ...signals: readonly AbortSignal[]): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  const ended = new AbortController();
  function end(this: AbortSignal): void {
    ended.abort(this.reason);
  }
  for (const signal of signals) {
    // As many listeners as calls come within the time.
    setMaxListeners(0, signal);
    if (signal.aborted) end.call(signal);
    else signal.addEventListener("abort", end, { once: true });
  }
  timeout.addEventListener("abort", () => {
    for (const signal of signals) signal.removeEventListener("abort", end);
  });
  return AbortSignal.any([ended.signal, timeout]);
}
