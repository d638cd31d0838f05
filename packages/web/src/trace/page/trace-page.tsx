import { Link, useParams } from "@tanstack/react-router";
import { useEffect, useMemo } from "react";
import { ApiError } from "../../api/problem.ts";
import { useDetails, useOutline } from "../../api/trace.ts";
import message from "../../app/message-page.module.css";
import { ProgressLine } from "../../app/progress-line.tsx";
import { TopBar } from "../../app/top-bar.tsx";
import { traceModel } from "../model/trace-model.ts";
import { BackLink } from "./back-link.tsx";
import styles from "./trace-page.module.css";
import { TraceView } from "./trace-view.tsx";

/** A trace of no more spans comes whole: its attributes can be searched, and a span opens at once. */
const MOST_WHOLE = 2000;

/** One trace: its spans over time, and what each of them says. */
export function TracePage() {
  const { traceId } = useParams({ from: "/trace/$traceId" });
  const { data, error, isFetching } = useOutline(traceId);
  const model = useMemo(() => (data ? traceModel(data) : undefined), [data]);
  const spans = model?.spans.length ?? 0;
  const isWhole = spans > 0 && spans <= MOST_WHOLE;
  const details = useDetails(traceId, isWhole);

  useEffect(() => {
    document.title = `Trace ${traceId.slice(0, 8)} · Polylog`;
  }, [traceId]);

  return (
    <div className={styles.page}>
      {model && spans > 0 ? (
        <TraceView
          model={model}
          traceId={traceId}
          isPartial={data?.partial ?? false}
          nodesAway={data?.statistics.nodesAway ?? []}
          details={details}
          isWhole={isWhole}
        />
      ) : (
        <>
          <TopBar>
            <BackLink traceId={traceId} />
            <span className={styles.spacer} />
          </TopBar>
          <ProgressLine isBusy={isFetching} />
          {(error || model) && (
            <main className={message.message}>
              <h1>
                {error && !(error instanceof ApiError)
                  ? "The trace cannot be had now"
                  : "No span of this trace is in the store"}
              </h1>
              <p>
                {error
                  ? error.message
                  : "Its spans have not arrived, were not sampled, or are older than what is kept."}
              </p>
              <p>
                <Link to="/" search={{ q: `trace:${traceId}`, from: "now-7d" }}>
                  Look for its logs of the last seven days
                </Link>
              </p>
            </main>
          )}
        </>
      )}
    </div>
  );
}
