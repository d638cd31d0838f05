import type { LogRow } from "@polylog/server/contract";
import type { RefObject } from "react";
import { useOverlay } from "../../app/overlay.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import type { LogListHandle } from "../rows/log-list.tsx";
import type { ClickedValue } from "../rows/value-at.ts";
import { chosenValue, clearValueCursor, moveValueCursor } from "./value-cursor.ts";

interface SearchKeys {
  readonly rows: readonly LogRow[];
  readonly active: number;
  readonly list: RefObject<LogListHandle | null>;
  readonly opened: LogRow | undefined;
  readonly activate: (row: LogRow | undefined, index: number) => void;
  readonly toggle: (row: LogRow, index: number) => void;
  readonly close: () => void;
  readonly focusQuery: () => void;
  readonly filter: (clicked: ClickedValue) => void;
  readonly openTrace: (row: LogRow) => void;
  readonly toggleLive: () => void;
  readonly askAgain: () => void;
  readonly say: (words: string) => void;
}

/** Rows that Page Down goes on by. */
const PAGE = 25;

/** Everything that the search page does without a mouse. */
export function useSearchKeys(keys: SearchKeys): void {
  const overlay = useOverlay();
  const { rows, active, list } = keys;
  const row = rows[active];

  const go = (index: number) => {
    const next = Math.max(0, Math.min(rows.length - 1, index));
    if (!rows[next]) return;
    clearValueCursor();
    keys.activate(rows[next], next);
    list.current?.scrollToRow(next);
    list.current?.focus();
  };
  const toggle = () => {
    if (row) keys.toggle(row, active);
  };
  const choose = (by: 1 | -1) => {
    const chosen = moveValueCursor(row?.id, by);
    if (chosen) keys.say(`${chosen}. f filters, x excludes`);
  };
  const filter = (isExcluded: boolean) => {
    const value = chosenValue(row?.id);
    if (value) {
      clearValueCursor();
      keys.filter({ ...value, isExcluded });
    } else if (row) choose(1);
    else go(0);
  };

  const leave = () => {
    clearValueCursor();
    if (keys.opened) keys.close();
    else keys.activate(undefined, -1);
  };
  const openTrace = () => {
    const traced = keys.opened ?? row;
    if (traced && traced.traceId !== "") keys.openTrace(traced);
    else keys.say("This record has no trace");
  };

  useShortcuts(
    new Map([
      ["/", keys.focusQuery],
      ["j", () => go(active + 1)],
      ["k", () => go(active - 1)],
      ["ArrowDown", () => go(active + 1)],
      ["ArrowUp", () => go(active - 1)],
      ["PageDown", () => go(active + PAGE)],
      ["PageUp", () => go(active - PAGE)],
      ["Home", () => go(0)],
      ["End", () => go(rows.length - 1)],
      ["g g", () => go(0)],
      ["G", () => go(rows.length - 1)],
      ["ArrowRight", () => choose(1)],
      ["ArrowLeft", () => choose(-1)],
      ["Enter", toggle],
      ["o", toggle],
      ["Escape", leave],
      ["f", () => filter(false)],
      ["x", () => filter(true)],
      ["t", openTrace],
      ["l", keys.toggleLive],
      ["r", keys.askAgain],
    ]),
    overlay === undefined,
  );
}
