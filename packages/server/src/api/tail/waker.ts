/** Lets a loop sleep until there is something to do, or for a time. */
export interface Waker {
  /** Ends the sleep, or the next one at once when nobody sleeps. */
  wake(): void;
  /** Resolves after `milliseconds`, or earlier when woken or when the signal is aborted. */
  sleep(milliseconds: number): Promise<void>;
}

export function createWaker(signal: AbortSignal): Waker {
  let isWoken = false;
  let end: (() => void) | undefined;
  const wake = () => {
    isWoken = true;
    end?.();
  };
  signal.addEventListener("abort", wake, { once: true });
  return {
    wake,
    sleep(milliseconds) {
      return new Promise((resolve) => {
        const timer = setTimeout(done, milliseconds);
        function done() {
          clearTimeout(timer);
          end = undefined;
          isWoken = signal.aborted;
          resolve();
        }
        end = done;
        if (isWoken) done();
      });
    },
  };
}
