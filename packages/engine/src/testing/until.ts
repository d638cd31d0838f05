import { setTimeout as delay } from "node:timers/promises";

/** Waits until the question is answered with something other than null, undefined or false. */
export async function until<T>(
  ask: () => T | Promise<T>,
  limit = 15_000,
): Promise<Exclude<T, null | undefined | false>> {
  const end = performance.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer !== null && answer !== undefined && answer !== false) {
      return answer as Exclude<T, null | undefined | false>;
    }
    if (performance.now() > end) throw new Error(`Not within ${limit} ms: ${ask}`);
    await delay(20);
  }
}
