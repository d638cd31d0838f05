import { EXIT } from "./exit.ts";

/**
 * Runs work that Ctrl-C, or a polite kill, ends: the first asks it to stop through the signal, the second doesn't
 * ask.
 *
 * @example
 * await untilInterrupted((signal) => fetch(url, { signal }));
 */
export async function untilInterrupted<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (): void => {
    if (controller.signal.aborted) process.exit(EXIT.interrupted);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  try {
    return await work(controller.signal);
  } finally {
    process.off("SIGINT", stop);
    process.off("SIGTERM", stop);
  }
}
