import { useSyncExternalStore } from "react";

/** Whether the server answers, and since when it does not. */
export type Connection =
  | { readonly state: "answers" }
  | { readonly state: "away"; readonly since: number; readonly reason: "unreachable" | "store" };

let current: Connection = { state: "answers" };
/** How far the server's clock is ahead of this browser's, in milliseconds. */
let skew = 0;
const listeners = new Set<() => void>();

function set(next: Connection): void {
  current = next;
  for (const listener of listeners) listener();
}

export function noteAnswer(): void {
  if (current.state !== "answers") set({ state: "answers" });
}

export function noteAway(reason: "unreachable" | "store"): void {
  if (current.state === "away" && current.reason === reason) return;
  set({ state: "away", since: current.state === "away" ? current.since : Date.now(), reason });
}

/** Below this, a difference between the clocks is the way of the answer rather than a wrong clock. */
const SKEW_NOTICED_MS = 1500;

export function noteServerClock(serverNow: number): void {
  const difference = serverNow - Date.now();
  skew = Math.abs(difference) < SKEW_NOTICED_MS ? 0 : difference;
}

/** Now by the server's clock: "the last 15 minutes" are the server's, however wrong the browser's clock is. */
export function serverNow(): number {
  return Date.now() + skew;
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useConnection(): Connection {
  return useSyncExternalStore(subscribe, () => current);
}
