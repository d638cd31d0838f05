import { Link } from "@tanstack/react-router";
import { usePreferences } from "../../app/preferences.ts";
import { wholeNumber } from "../../fields/numbers.ts";
import { durationText } from "../../time/duration.ts";
import { dateAndTime } from "../../time/format.ts";
import { zoneName } from "../../time/zone.ts";
import type { TraceModel } from "../model/trace-model.ts";
import { searchAround } from "../panel/search-links.ts";
import styles from "./trace-page.module.css";

interface TraceFactsProps {
  readonly model: TraceModel;
  readonly traceId: string;
  readonly isPartial: boolean;
  /** Nodes of a cluster that were missing. */
  readonly nodesAway: readonly string[];
  readonly onNextError: () => void;
}

/** How long a trace took, how many spans and services it has, what went wrong, when. */
export function TraceFacts({ model, traceId, isPartial, nodesAway, onNextError }: TraceFactsProps) {
  const { zone } = usePreferences();
  const started = Number(model.start / 1_000_000n);
  return (
    <p className={styles.facts}>
      <b>{durationText(model.duration)}</b>
      <span>{counted(model.spans.length, "span")}</span>
      <span>{counted(model.services.length, "service")}</span>
      {model.errors > 0 && (
        <button
          type="button"
          className={styles.errors}
          title="Go to the next error (e)"
          onClick={onNextError}
        >
          {counted(model.errors, "error")}
        </button>
      )}
      <span>
        {dateAndTime(started, zone)} {zoneName(zone, started)}
      </span>
      <Link to="/" search={searchAround(model, "trace", traceId)}>
        Logs of this trace
      </Link>
      {isPartial && (
        <span className={styles.partial}>
          Part of the trace:{" "}
          {nodesAway.length > 0
            ? `away, with what they hold, ${nodesAway.length === 1 ? "is" : "are"} ${nodesAway.join(", ")}`
            : "it has more spans or logs than are shown"}
        </span>
      )}
      <code>{traceId}</code>
      <span className={styles.legend} aria-hidden="true">
        <i /> critical path
      </span>
    </p>
  );
}

function counted(count: number, thing: string): string {
  return `${wholeNumber(count)} ${thing}${count === 1 ? "" : "s"}`;
}
