/**
 * Does something now, and again each time so many milliseconds after it was done.
 *
 * @returns ends that, and resolves when what is under way is done
 * @example
 * const stop = every(60_000, () => cap.enforce());
 */
export function every(milliseconds: number, work: () => Promise<unknown>): () => Promise<void> {
  let isStopped = false;
  let timer: NodeJS.Timeout | undefined;
  let working = turn();

  async function turn(): Promise<void> {
    await work();
    if (isStopped) return;
    timer = setTimeout(() => {
      working = turn();
    }, milliseconds);
    timer.unref();
  }

  return async () => {
    isStopped = true;
    clearTimeout(timer);
    await working;
  };
}
