import type { LatencyResponse, TracesResponse } from "@polylog/server/contract";
import type { ReactNode } from "react";
import { usePreferences } from "../../app/preferences.ts";
import { useIsNarrow } from "../../app/use-media.ts";
import { byteText, shortCount, wholeNumber } from "../../fields/numbers.ts";
import styles from "../../search/page/search-page.module.css";
import { durationText } from "../../time/duration.ts";
import { rangeText, shortRangeText } from "../../time/format.ts";
import { zoneName } from "../../time/zone.ts";

interface TracesStatusProps {
  readonly latency: LatencyResponse | undefined;
  readonly things: { readonly one: string; readonly many: string };
  readonly found: TracesResponse | undefined;
  readonly tools: ReactNode;
}

/** How many match, how many of them failed, how long they take, and the real bounds of the time. */
export function TracesStatus({ latency, things, found, tools }: TracesStatusProps) {
  const { zone } = usePreferences();
  const isNarrow = useIsNarrow();
  const bounds = latency ?? found;
  return (
    <div className={styles.status} role="status">
      {tools}
      {latency && (
        <span>
          <b>{wholeNumber(latency.spans)}</b> {latency.spans === 1 ? things.one : things.many}
        </span>
      )}
      {latency && latency.errors > 0 && (
        <span className={styles.failed}>
          {wholeNumber(latency.errors)} failed ({shareText(latency.errors / latency.spans)})
        </span>
      )}
      {latency?.quantiles && !isNarrow && (
        <span>
          p50 {durationText(latency.quantiles.p50)} · p90 {durationText(latency.quantiles.p90)} · p99{" "}
          {durationText(latency.quantiles.p99)}
        </span>
      )}
      {bounds && (
        <span>
          {isNarrow ? shortRangeText(bounds.from, bounds.to, zone) : rangeText(bounds.from, bounds.to, zone)}{" "}
          {zoneName(zone, bounds.to)}
        </span>
      )}
      {(latency?.partial || found?.partial) && (
        <span className={styles.partial}>
          Part of the answer: a limit ended the search. Narrow the time or the query.
        </span>
      )}
      {found && (
        <span className={styles.cost}>
          read {shortCount(found.statistics.rowsRead)} spans, {byteText(found.statistics.bytesRead)} in{" "}
          {wholeNumber(Math.round(found.statistics.elapsedMs))} ms
        </span>
      )}
    </div>
  );
}

/** A share in percent, two digits: `0.34 %`, `12 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.01) return "< 0.01 %";
  return `${Number(percent.toPrecision(2))} %`;
}
