import { useEffect, useState } from "react";
import { serverNow } from "../../api/connection.ts";
import type { Question } from "../../api/logs.ts";
import { resolveRange, type TimeRange } from "../../time/range.ts";
import type { Zone } from "../../time/zone.ts";

const EVERY_MS = 5000;

/** The question as of now, again every few seconds while the search is live; else the question itself. */
export function useLiveClock(question: Question, range: TimeRange, zone: Zone, isLive: boolean): Question {
  const [now, setNow] = useState<Question | undefined>(undefined);
  useEffect(() => {
    setNow(undefined);
    if (!isLive) return;
    const timer = setInterval(() => {
      if (!document.hidden) setNow({ query: question.query, ...resolveRange(range, serverNow(), zone) });
    }, EVERY_MS);
    return () => clearInterval(timer);
  }, [question, range, zone, isLive]);
  return now ?? question;
}
