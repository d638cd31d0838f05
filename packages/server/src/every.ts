/**
 * Does something now, and again each time so many milliseconds after it was done.
 *
 * @param work never rejects. Its signal aborts at the end: what it asks may not answer for long
 * @returns ends that, and resolves when what is under way has ended
 * @example
 * const stop = every(60_000, (signal) => cap.enforce(signal));
 */
export function every(
  milliseconds: number,
  work: (signal: AbortSignal) => Promise<unknown>,
): () => Promise<void> {
  const stopping = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let working = turn();

  async function turn(): Promise<void> {
    await work(stopping.signal);
    if (stopping.signal.aborted) return;
    timer = setTimeout(() => {
      working = turn();
    }, milliseconds);
    timer.unref();
  }

  return async () => {
    stopping.abort();
    clearTimeout(timer);
    await working;
  };
}
