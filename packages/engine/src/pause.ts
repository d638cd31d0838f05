import { setTimeout as delay } from "node:timers/promises";

/** Waits; an abort ends the wait early, without an error. */
export async function pause(milliseconds: number, signal?: AbortSignal): Promise<void> {
  await delay(milliseconds, undefined, signal === undefined ? {} : { signal }).catch(() => {});
}
