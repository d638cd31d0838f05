import { isMainThread } from "node:worker_threads";

/** Signals that end a process by default and can be caught. */
const SIGNALS = ["SIGTERM", "SIGINT", "SIGHUP"] as const;

/** What is to be done when the process is about to end. */
export interface Ending {
  /** True while there is something to be sent. */
  isPending(): boolean;
  /** Sends it; resolves when that is done or its time is up: true when all went out. Never rejects. */
  flush(): Promise<boolean>;
  /** Sends without giving way, at the very end. */
  flushSync(): void;
}

/**
 * Sends what is left when the process ends: naturally, by a signal, by `process.exit`, by an error that nobody caught.
 * It ends as it would have: a signal that nobody else handles is raised again, so the parent sees the signal.
 *
 * @returns takes the listeners back
 */
export function onProcessEnd(ending: Ending): () => void {
  const onBeforeExit = async () => {
    // It comes again after work that was begun here.
    if (!ending.isPending()) return;
    const isAlone = process.listenerCount("beforeExit") === 1;
    // What is left then is the exporter's attempts: they would keep a finished program for ten seconds. Where others listen, it may be
    // their work as well.
    if (!(await ending.flush()) && isAlone) process.exit();
  };
  const onExit = () => ending.flushSync();
  // First, to see the others before those that were added by `once` are gone.
  process.prependListener("beforeExit", onBeforeExit);
  process.on("exit", onExit);
  // Worker threads get no signals, and may not listen.
  const takeBack = isMainThread ? SIGNALS.map((signal) => listenTo(signal, ending)) : [];
  return () => {
    process.removeListener("beforeExit", onBeforeExit);
    process.removeListener("exit", onExit);
    for (const remove of takeBack) remove();
  };
}

function listenTo(signal: NodeJS.Signals, ending: Ending): () => void {
  let isListening = true;
  const listen = () => {
    // First, to see who else listens before one that was added by `once` is gone.
    if (isListening) process.prependListener(signal, onSignal);
  };

  const onSignal = () => {
    process.removeListener(signal, onSignal);
    const others = process.rawListeners(signal);
    // After all have been called: a logger's listener that only flushes has taken itself away, like this one.
    process.nextTick(async () => {
      const staying = process.rawListeners(signal);
      const isHandled = others.some((other) => isOnce(other) || staying.includes(other));
      const flushed = ending.flush();
      if (isHandled) {
        // The application decides when it ends.
        listen();
        return;
      }
      if (!(await flushed)) ending.flushSync();
      process.kill(process.pid, signal);
    });
  };

  listen();
  return () => {
    isListening = false;
    process.removeListener(signal, onSignal);
  };
}

/** Node wraps listeners that were added by `once`. */
function isOnce(listener: unknown): boolean {
  return typeof (listener as { listener?: unknown }).listener === "function";
}
