import { EXIT } from "./exit.ts";

/** Ctrl-C, a polite kill, a terminal that is closed. */
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * Runs work that lasts until it is told to stop: the first signal resolves `told`, the second ends the process at
 * once.
 */
export async function untilTold<T>(work: (told: Promise<void>) => Promise<T>): Promise<T> {
  let tell: () => void = () => {};
  let isTold = false;
  const told = new Promise<void>((resolve) => {
    tell = resolve;
  });
  const onSignal = (): void => {
    if (isTold) process.exit(EXIT.interrupted);
    isTold = true;
    tell();
  };
  for (const signal of SIGNALS) process.on(signal, onSignal);
  try {
    return await work(told);
  } finally {
    for (const signal of SIGNALS) process.off(signal, onSignal);
  }
}
