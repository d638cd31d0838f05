import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { histogram, type Question } from "../../api/logs.ts";
import { useLastGood } from "../../app/last-good.ts";

/** Bars of about this width are wide enough to hit and narrow enough to see a spike. */
const BAR_PX = 9;

export function useHistogram(question: Question) {
  // By the width of the page when it was opened: another width is no reason to ask again.
  const buckets = Math.max(30, Math.min(180, Math.round((window.innerWidth - 300) / BAR_PX)));
  const asked = useQuery({
    queryKey: ["histogram", question, buckets],
    queryFn: ({ signal }) => histogram(question, buckets, signal),
    placeholderData: keepPreviousData,
  });
  return { data: useLastGood(asked.data), isOld: asked.isPlaceholderData || asked.isError };
}
