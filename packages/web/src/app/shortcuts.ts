import { useEffect, useRef } from "react";

/** One key, a chord such as `mod+k` (Ctrl, or Command on a Mac), or two keys after each other such as `g s`. */
export type Shortcuts = ReadonlyMap<string, () => void>;

/** How long the second key of a pair may take. */
const PAIR_MS = 1200;

/** Keys typed into a field are text, except chords and Escape. */
function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName);
}

/** Enter on a button or a link is its own, and every key in a dialog or a menu. */
function isOnControl({ target, key }: KeyboardEvent): boolean {
  if (!(target instanceof Element)) return false;
  if (key === "Enter" && target.closest("button, a, summary")) return true;
  return target.closest("[role=dialog], [role=menu]") !== null;
}

/**
 * The name of a key press as {@link Shortcuts} has it.
 *
 * @example
 * keyName({ key: "k", ctrlKey: true, metaKey: false, altKey: false }); // "mod+k"
 */
export function keyName(event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "altKey">): string {
  const key =
    event.key.length === 1 && (event.ctrlKey || event.metaKey) ? event.key.toLowerCase() : event.key;
  return `${event.ctrlKey || event.metaKey ? "mod+" : ""}${event.altKey ? "alt+" : ""}${key}`;
}

/** Binds keys of the whole page for as long as the component is there. */
export function useShortcuts(shortcuts: Shortcuts, isActive = true): void {
  const latest = useRef(shortcuts);
  latest.current = shortcuts;
  useEffect(() => {
    if (!isActive) return;
    let first: { key: string; at: number } | undefined;
    const onKeyDown = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const key = keyName(event);
      if (isTyping(event.target) && !key.startsWith("mod+")) return;
      if (isOnControl(event)) return;
      const isPair = first !== undefined && event.timeStamp - first.at < PAIR_MS;
      const pair = isPair ? latest.current.get(`${first?.key} ${key}`) : undefined;
      first = undefined;
      const action = pair ?? latest.current.get(key);
      if (action) {
        event.preventDefault();
        action();
      } else if ([...latest.current.keys()].some((name) => name.startsWith(`${key} `))) {
        first = { key, at: event.timeStamp };
      }
    };
    document.addEventListener("keydown", onKeyDown);
    return () => document.removeEventListener("keydown", onKeyDown);
  }, [isActive]);
}
