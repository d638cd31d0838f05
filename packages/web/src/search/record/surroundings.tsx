import type { LogRow } from "@polylog/server/contract";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { recordContext } from "../../api/logs.ts";
import { usePreferences } from "../../app/preferences.ts";
import { useLater } from "../../app/use-later.ts";
import { LEVEL_WORD } from "../../fields/severity.ts";
import { clockTime, millisecondsOf } from "../../time/format.ts";
import { oneLine } from "../rows/row-text.ts";
import styles from "./record.module.css";

const LINES = 10;
const LINES_AT_MOST = 200;

/** The records before and after this one from the same source, whatever the query. */
export function Surroundings({ row }: { readonly row: LogRow }) {
  const [before, setBefore] = useState(LINES);
  const [after, setAfter] = useState(LINES);
  const { data, error, isPending } = useQuery({
    queryKey: ["context", row.id, before, after],
    queryFn: ({ signal }) => recordContext(row.id, row.timestamp, { before, after }, signal),
    placeholderData: keepPreviousData,
  });
  const isSlow = useLater(isPending);
  return (
    <section className={styles.around} aria-label="Surrounding lines">
      <h3>
        Around it in {row.service || "this source"}
        {row.host !== "" && ` on ${row.host}`}
      </h3>
      {error && <p className={styles.note}>{error.message}</p>}
      {isSlow && <p className={styles.note}>Looking for the lines around it</p>}
      {data && (
        <ol className={styles.lines}>
          {data.before.length >= before && before < LINES_AT_MOST && (
            <li>
              <button type="button" className={styles.more} onClick={() => setBefore(before + 2 * LINES)}>
                {2 * LINES} more before
              </button>
            </li>
          )}
          {data.before.map((line) => (
            <Line key={line.id} row={line} />
          ))}
          <Line row={data.record} isThis />
          {data.after.map((line) => (
            <Line key={line.id} row={line} />
          ))}
          {data.after.length >= after && after < LINES_AT_MOST && (
            <li>
              <button type="button" className={styles.more} onClick={() => setAfter(after + 2 * LINES)}>
                {2 * LINES} more after
              </button>
            </li>
          )}
        </ol>
      )}
    </section>
  );
}

function Line({ row, isThis = false }: { readonly row: LogRow; readonly isThis?: boolean }) {
  const { zone } = usePreferences();
  return (
    <li className={styles.line} data-level={row.level} aria-current={isThis ? "true" : undefined}>
      <span className={styles.lineTime}>{clockTime(millisecondsOf(row.timestamp), zone)}</span>
      <span className={styles.lineLevel}>{LEVEL_WORD[row.level]}</span>
      <span className={styles.lineBody} title={oneLine(row.body, 1000)}>
        {oneLine(row.body, 300)}
      </span>
    </li>
  );
}
