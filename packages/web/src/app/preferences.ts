import { useSyncExternalStore } from "react";
import type { Zone } from "../time/zone.ts";

/** What a reader chose for this browser, whatever they search for. The rest of the state is in the address. */
export interface Preferences {
  readonly zone: Zone;
  readonly density: "comfortable" | "compact";
  readonly areFacetsShown: boolean;
  /** Widths of columns that were dragged, in characters. */
  readonly widths: Readonly<Record<string, number>>;
}

const DEFAULTS: Preferences = { zone: "local", density: "comfortable", areFacetsShown: true, widths: {} };
const KEY = "polylog.preferences";

let current = read();
const listeners = new Set<() => void>();

function read(): Preferences {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(KEY) ?? "null");
    if (typeof stored !== "object" || stored === null) return DEFAULTS;
    const { zone, density, areFacetsShown, widths } = stored as Partial<Record<keyof Preferences, unknown>>;
    return {
      zone: zone === "utc" ? "utc" : "local",
      density: density === "compact" ? "compact" : "comfortable",
      areFacetsShown: areFacetsShown !== false,
      widths: readWidths(widths),
    };
  } catch {
    return DEFAULTS;
  }
}

function readWidths(stored: unknown): Preferences["widths"] {
  if (typeof stored !== "object" || stored === null) return {};
  return Object.fromEntries(Object.entries(stored).filter(([, width]) => Number.isFinite(width)));
}

export function setPreferences(change: Partial<Preferences>): void {
  current = { ...current, ...change };
  try {
    localStorage.setItem(KEY, JSON.stringify(current));
  } catch {
    // Storage is off or full: the choice holds until the page is left.
  }
  for (const listener of listeners) listener();
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function usePreferences(): Preferences {
  return useSyncExternalStore(subscribe, () => current);
}
