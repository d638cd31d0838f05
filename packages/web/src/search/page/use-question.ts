import { useCallback, useMemo, useState } from "react";
import { serverNow } from "../../api/connection.ts";
import type { Question } from "../../api/logs.ts";
import { resolveRange, type TimeRange } from "../../time/range.ts";
import type { Zone } from "../../time/zone.ts";

/**
 * The question that a search asks now. A range that moves is resolved once for each asking, so that list,
 * histogram and facets speak of the same time and the list's next page continues the one before.
 */
export function useQuestion(
  query: string,
  range: TimeRange,
  zone: Zone,
): { question: Question; askAgain: () => void } {
  const [asked, setAsked] = useState(0);
  const { from, to } = range;
  // biome-ignore lint/correctness/useExhaustiveDependencies: `asked` is the wish to resolve again
  const question = useMemo(
    () => ({ query, ...resolveRange({ from, to }, serverNow(), zone) }),
    [query, from, to, zone, asked],
  );
  return { question, askAgain: useCallback(() => setAsked((count) => count + 1), []) };
}
