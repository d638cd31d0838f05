import { Link } from "@tanstack/react-router";
import { wholeNumber } from "../../fields/numbers.ts";
import { LEVEL_WORD } from "../../fields/severity.ts";
import { openedParam } from "../../search/page/search-params.ts";
import { oneLine } from "../../search/rows/row-text.ts";
import { durationText } from "../../time/duration.ts";
import type { TraceLog, TraceModel } from "../model/trace-model.ts";
import styles from "./panel.module.css";
import { searchAround } from "./search-links.ts";

interface LogListProps {
  readonly logs: readonly TraceLog[];
  readonly model: TraceModel;
}

/** A trace of a job that runs all day may have a million; the search shows the rest. */
const SHOWN = 200;

/** Logs of a trace by their time in it; each leads to its record in the search. */
export function LogList({ logs, model }: LogListProps) {
  const rest = logs.length - SHOWN;
  return (
    <ol className={styles.logs}>
      {logs.slice(0, SHOWN).map(({ row, at }) => (
        <li key={row.id} data-level={row.level}>
          <Link
            to="/"
            search={{
              ...searchAround(model, "trace", row.traceId),
              open: openedParam({ id: row.id, time: row.timestamp }),
            }}
          >
            <span className={styles.logTime}>{durationText(at)}</span>
            <span className={styles.logLevel}>{LEVEL_WORD[row.level]}</span>
            <span className={styles.logBody}>{oneLine(row.body, 300)}</span>
          </Link>
        </li>
      ))}
      {rest > 0 && (
        <li className={styles.rest}>{wholeNumber(rest)} more: see the logs of this trace in the search</li>
      )}
    </ol>
  );
}
