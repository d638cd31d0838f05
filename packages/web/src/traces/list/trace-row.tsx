// biome-ignore-all lint/a11y/useSemanticElements: rows of which only those on the screen exist are laid out by hand
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
import type { TraceSummary } from "@polylog/server/contract";
import { Link } from "@tanstack/react-router";
import { memo } from "react";
import { wholeNumber } from "../../fields/numbers.ts";
import { oneLine } from "../../search/rows/row-text.ts";
import { durationText } from "../../time/duration.ts";
import { clockTime, dayAndClockTime, millisecondsOf } from "../../time/format.ts";
import type { Zone } from "../../time/zone.ts";
import styles from "./list.module.css";

interface TraceRowProps {
  readonly trace: TraceSummary;
  /** The longest of the list, in nanoseconds. */
  readonly longest: number;
  readonly colors: ReadonlyMap<string, string>;
  readonly zone: Zone;
  readonly hasDays: boolean;
  readonly isMatchShown: boolean;
}

/** Services that have room; the rest is a number. */
const SERVICES_SHOWN = 6;

export const TraceRow = memo(function TraceRow({
  trace,
  longest,
  colors,
  zone,
  hasDays,
  isMatchShown,
}: TraceRowProps) {
  const time = millisecondsOf(trace.timestamp);
  const duration = Number(trace.duration);
  const { match } = trace;
  const isOther = isMatchShown && (match.name !== trace.name || match.service !== trace.service);
  const hidden = trace.services.length - SERVICES_SHOWN;
  return (
    <>
      <span role="gridcell" className={styles.time}>
        {hasDays ? dayAndClockTime(time, zone) : clockTime(time, zone)}
      </span>
      <span role="gridcell" className={styles.duration}>
        <i
          style={{ width: `${Math.max(0.5, (duration / longest) * 100)}%` }}
          data-has-error={trace.errors > 0}
        />
        <span>{durationText(duration)}</span>
      </span>
      <span role="gridcell" className={styles.what}>
        <i className={styles.dot} style={{ background: colors.get(trace.service) }} />
        <Link
          to="/trace/$traceId"
          params={{ traceId: trace.traceId }}
          search={isOther ? { span: match.spanId } : {}}
          tabIndex={-1}
        >
          {oneLine(trace.name, 200) || "(no name)"}
        </Link>
        <span className={styles.service}>{oneLine(trace.service, 80)}</span>
        {isOther && (
          <span className={styles.match} title="The span that matches">
            {oneLine(`${match.service} ${match.name}`, 160)} <b>{durationText(Number(match.duration))}</b>
          </span>
        )}
      </span>
      <span role="gridcell" className={styles.number}>
        {wholeNumber(trace.spans)}
      </span>
      <span role="gridcell" className={styles.errors} data-is-none={trace.errors === 0}>
        {trace.errors === 0 ? "" : wholeNumber(trace.errors)}
      </span>
      <span role="gridcell" className={styles.services}>
        {trace.services.slice(0, SERVICES_SHOWN).map(({ service, spans, errors }) => (
          <i
            key={service}
            style={{ background: colors.get(service) }}
            data-has-error={errors > 0}
            title={`${service || "(no name)"}: ${wholeNumber(spans)} ${spans === 1 ? "span" : "spans"}${errors > 0 ? `, ${wholeNumber(errors)} failed` : ""}`}
          />
        ))}
        {hidden > 0 && <small>+{hidden}</small>}
        <span className="for-screen-readers">{trace.services.map(({ service }) => service).join(", ")}</span>
      </span>
    </>
  );
});
