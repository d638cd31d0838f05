import { setTimeout as delay } from "node:timers/promises";

/** Waits until something is true; fails after `limit` milliseconds. */
export async function until(isTrue: () => boolean | Promise<boolean>, limit = 20_000): Promise<void> {
  const end = performance.now() + limit;
  while (!(await isTrue())) {
    if (performance.now() > end) throw new Error(`not true within ${limit} ms: ${isTrue}`);
    await delay(20);
  }
}
