import { removePart } from "@polylog/server/query";
import { useQuery } from "@tanstack/react-query";
import { serverNow } from "../../api/connection.ts";
import type { Question } from "../../api/logs.ts";
import { explain, useSubject } from "../../api/subject.ts";
import buttons from "../../app/button.module.css";
import { usePreferences } from "../../app/preferences.ts";
import { wholeNumber } from "../../fields/numbers.ts";
import { dateAndTime, millisecondsOf } from "../../time/format.ts";
import { absoluteRange, lastRange, type TimeRange, widerRange } from "../../time/range.ts";
import { zoneName } from "../../time/zone.ts";
import styles from "./empty.module.css";

interface NoResultProps {
  readonly question: Question;
  readonly range: TimeRange;
  readonly onQuery: (query: string) => void;
  readonly onRange: (range: TimeRange) => void;
}

/** Half an hour around the newest record that matches. */
const AROUND_MS = 15 * 60_000;

/** Nothing was found: which part of the query is to blame, and the ways out. */
export function NoResult({ question, range, onQuery, onRange }: NoResultProps) {
  const { zone } = usePreferences();
  const subject = useSubject();
  const { one, many } = subject;
  const { data } = useQuery({
    queryKey: ["explain", subject.target, question],
    queryFn: ({ signal }) => explain(subject, question, signal),
  });
  const newest = data?.newestMatch == null ? undefined : millisecondsOf(data.newestMatch);
  const blamed = data?.parts.filter((part) => part.countWithout > 0) ?? [];
  return (
    <section className={styles.empty} aria-label="No result" aria-busy={!data}>
      <h2>{question.query === "" ? `No ${one} in this time` : `No ${one} of this time matches`}</h2>
      {data && question.query !== "" && (
        <p>
          {data.inWindow === 0
            ? `There is no ${one} in this time, whatever the query.`
            : blamed.length > 0
              ? "Without one of these parts there are matches:"
              : data.parts.length > 1
                ? `There are ${wholeNumber(data.inWindow)} ${many} in this time; dropping a single part is not enough.`
                : `There are ${wholeNumber(data.inWindow)} ${many} in this time.`}
        </p>
      )}
      {blamed.length > 0 && (
        <ul>
          {blamed.map((part) => (
            <li key={part.start}>
              <code>{part.text}</code>
              <span>
                {wholeNumber(part.countWithout)} {part.countWithout === 1 ? one : many} without it
              </span>
              <button
                type="button"
                className={buttons.button}
                onClick={() => onQuery(removePart(question.query, part, subject.target))}
              >
                Drop it
              </button>
            </li>
          ))}
        </ul>
      )}
      <div className={styles.ways}>
        {newest !== undefined && (
          <button
            type="button"
            className={`${buttons.button} ${buttons.primary}`}
            onClick={() => onRange(absoluteRange(newest - AROUND_MS, newest + AROUND_MS))}
          >
            Go to the newest match, {dateAndTime(newest, zone)} {zoneName(zone, newest)}
          </button>
        )}
        <button
          type="button"
          className={buttons.button}
          onClick={() => onRange(widerRange(range, serverNow()))}
        >
          Three times the time
        </button>
        <button type="button" className={buttons.button} onClick={() => onRange(lastRange("30d"))}>
          Last 30 days
        </button>
        {question.query !== "" && (
          <button type="button" className={buttons.button} onClick={() => onQuery("")}>
            Drop the whole query
          </button>
        )}
      </div>
    </section>
  );
}
