import { useCallback, useRef } from "react";
import { serverNow } from "../../api/connection.ts";
import { absoluteRange, type TimeRange, widerRange } from "../../time/range.ts";

/** A drag may not ask for less than this. */
const SHORTEST_MS = 10;

/**
 * A drag over the histogram zooms, a double click goes back to the time before. On a page that was opened with a
 * time there is none before: then it widens.
 */
export function useZoom(range: TimeRange, setRange: (range: TimeRange) => void) {
  const before = useRef<TimeRange[]>([]);
  const zoom = useCallback(
    (from: number, to: number) => {
      before.current.push(range);
      setRange(absoluteRange(from, Math.max(to, from + SHORTEST_MS)));
    },
    [range, setRange],
  );
  const back = useCallback(() => {
    setRange(before.current.pop() ?? widerRange(range, serverNow()));
  }, [range, setRange]);
  return { zoom, back };
}
