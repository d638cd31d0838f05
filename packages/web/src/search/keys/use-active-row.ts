import type { LogRow } from "@polylog/server/contract";
import { useCallback, useRef, useState } from "react";

/**
 * The row that the keys are about. Kept by the record's id: rows that arrive above it do not move it.
 */
export function useActiveRow(rows: readonly LogRow[]) {
  const [activeId, setActiveId] = useState<string | undefined>(undefined);
  const lastIndex = useRef(-1);
  let index = -1;
  if (activeId !== undefined) {
    index =
      rows[lastIndex.current]?.id === activeId
        ? lastIndex.current
        : rows.findIndex((row) => row.id === activeId);
    lastIndex.current = index;
  }
  const activate = useCallback((row: LogRow | undefined, at: number) => {
    lastIndex.current = at;
    setActiveId(row?.id);
  }, []);
  return { active: index, activate };
}
