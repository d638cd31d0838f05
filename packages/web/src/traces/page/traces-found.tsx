import type { TraceSummary } from "@polylog/server/contract";
import { useState } from "react";
import type { Question } from "../../api/logs.ts";
import { ApiError } from "../../api/problem.ts";
import buttons from "../../app/button.module.css";
import { useLastGood } from "../../app/last-good.ts";
import { useOverlay } from "../../app/overlay.ts";
import { useShortcuts } from "../../app/shortcuts.ts";
import { wholeNumber } from "../../fields/numbers.ts";
import { NoResult } from "../../search/empty/no-result.tsx";
import { ProblemBar, ProblemPlace } from "../../search/empty/problem.tsx";
import styles from "../list/list.module.css";
import { TraceList } from "../list/trace-list.tsx";
import type { useTraces } from "./use-traces.ts";
import type { TracesSearch } from "./use-traces-search.ts";

interface TracesFoundProps {
  readonly search: TracesSearch;
  readonly question: Question;
  readonly found: ReturnType<typeof useTraces>;
  readonly canShowMore: boolean;
  readonly onMore: () => void;
  readonly onAskAgain: () => void;
  readonly onOpen: (trace: TraceSummary) => void;
}

const DAY_MS = 86_400_000;

/** The list of traces, or why there is none. */
export function TracesFound({ search, question, found, canShowMore, ...on }: TracesFoundProps) {
  const overlay = useOverlay();
  const traces = useLastGood(found.data?.traces) ?? [];
  const [activeId, setActiveId] = useState<string | undefined>(undefined);
  const active = traces.findIndex(({ traceId }) => traceId === activeId);
  const problem = found.error instanceof ApiError ? found.error.problem : undefined;

  const step = (by: number) => {
    const next = traces[Math.max(0, Math.min(traces.length - 1, active < 0 ? 0 : active + by))];
    if (next) setActiveId(next.traceId);
  };
  const openActive = () => {
    const trace = traces[active];
    if (trace) on.onOpen(trace);
  };
  useShortcuts(
    new Map([
      ["j", () => step(1)],
      ["k", () => step(-1)],
      ["ArrowDown", () => step(1)],
      ["ArrowUp", () => step(-1)],
      ["Enter", openActive],
      ["t", openActive],
      ["o", () => search.setOrder(search.order === "newest" ? "longest" : "newest")],
    ]),
    overlay === undefined,
  );

  if (traces.length === 0 && problem) return <ProblemPlace problem={problem} onAskAgain={on.onAskAgain} />;
  if (traces.length === 0 && found.isSuccess && !found.isPlaceholderData) {
    return (
      <NoResult
        question={question}
        range={search.range}
        onQuery={search.setQuery}
        onRange={search.setRange}
      />
    );
  }
  return (
    <>
      {problem && <ProblemBar problem={problem} onAskAgain={on.onAskAgain} />}
      <TraceList
        traces={traces}
        order={search.order}
        hasDays={question.to - question.from > DAY_MS}
        areMatchesShown={question.query.trim() !== ""}
        isOld={found.isPlaceholderData || found.isError}
        active={active}
        foot={
          traces.length > 0 && (
            <p className={styles.foot}>
              {found.data?.hasMore
                ? `The ${search.order} ${wholeNumber(traces.length)}, there are more`
                : `${wholeNumber(traces.length)} ${traces.length === 1 ? "trace" : "traces"}, these are all`}
              {found.data?.hasMore && canShowMore && (
                <button type="button" className={buttons.button} onClick={on.onMore}>
                  Show 1,000
                </button>
              )}
            </p>
          )
        }
        onOrder={search.setOrder}
        onOpen={on.onOpen}
      />
    </>
  );
}
