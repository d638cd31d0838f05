import { useSyncExternalStore } from "react";

/** What lies over the page. */
export type Overlay = "help" | "commands";

let current: Overlay | undefined;
const listeners = new Set<() => void>();

function set(next: Overlay | undefined): void {
  current = next;
  for (const listener of listeners) listener();
}

export function openOverlay(overlay: Overlay): void {
  set(overlay);
}

export function closeOverlay(): void {
  set(undefined);
}

export function useOverlay(): Overlay | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => current,
  );
}
