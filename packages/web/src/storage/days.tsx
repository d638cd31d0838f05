import type { StorageResponse } from "@polylog/server/contract";
import { useState } from "react";
import button from "../app/button.module.css";
import { usePreferences } from "../app/preferences.ts";
import { byteText, shortCount } from "../fields/numbers.ts";
import { Bar } from "../figures/bar.tsx";
import styles from "../figures/figures.module.css";
import { Spark } from "../figures/spark.tsx";
import { dateAndTime } from "../time/format.ts";
import { zoneName } from "../time/zone.ts";
import { daysOfCalendar } from "./days-of-calendar.ts";

/** Days that are shown before somebody asks for more. */
const FEW = 14;

/** What each day takes, and when it goes. */
export function Days({ storage }: { readonly storage: StorageResponse }) {
  const { days } = storage;
  const { zone } = usePreferences();
  const [isLong, setLong] = useState(false);
  const shown = isLong ? days : days.slice(0, FEW);
  const most = Math.max(...days.map(({ logs, spans }) => logs.bytes + spans.bytes));
  const calendar = daysOfCalendar(days, storage.now);
  return (
    <section className={styles.section} aria-label="By day">
      <h2>By day</h2>
      {days.length === 0 ? (
        <p className={styles.note}>Nothing is stored yet.</p>
      ) : (
        <>
          {calendar.length > 2 && (
            <>
              <Spark values={calendar.map(({ bytes }) => bytes)} label="Bytes of each day" isLarge />
              <div className={styles.axis} aria-hidden="true">
                <span>{calendar[0]?.day}</span>
                <span>{byteText(most)} at most</span>
                <span>today</span>
              </div>
            </>
          )}
          <table className={styles.table}>
            <thead>
              <tr>
                <th scope="col" className={styles.name}>
                  Day (UTC)
                </th>
                <th scope="col" className={`${styles.barCell} ${styles.wide}`}>
                  <span className="for-screen-readers">Share</span>
                </th>
                <th scope="col">Bytes</th>
                <th scope="col" className={styles.wide}>
                  Records
                </th>
                <th scope="col" className={styles.wide}>
                  Spans
                </th>
                <th scope="col">Goes from ({zoneName(zone, storage.now)})</th>
              </tr>
            </thead>
            <tbody>
              {shown.map(({ day, logs, spans, expires, expiresFrom }) => (
                <tr key={day}>
                  <th scope="row" className={styles.name}>
                    {day}
                  </th>
                  <td className={`${styles.barCell} ${styles.wide}`}>
                    <Bar share={(logs.bytes + spans.bytes) / most} />
                  </td>
                  <td>{byteText(logs.bytes + spans.bytes)}</td>
                  <td className={styles.wide}>{shortCount(logs.rows)}</td>
                  <td className={styles.wide}>{shortCount(spans.rows)}</td>
                  <td
                    title={
                      expires === null ? "Some of it is kept" : `All of it from ${dateAndTime(expires, zone)}`
                    }
                  >
                    {expiresFrom === null ? (
                      <span className={styles.quiet}>never</span>
                    ) : (
                      dateAndTime(expiresFrom, zone)
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {days.length > FEW && (
            <p className={styles.note}>
              <button type="button" className={button.link} onClick={() => setLong(!isLong)}>
                {isLong ? "Fewer" : `All ${days.length} days`}
              </button>
            </p>
          )}
        </>
      )}
    </section>
  );
}
