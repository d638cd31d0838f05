import type { LatencyResponse, TracesResponse } from "@polylog/server/contract";
import type { ReactNode } from "react";
import { usePreferences } from "../../app/preferences.ts";
import { useIsNarrow } from "../../app/use-media.ts";
import { wholeNumber } from "../../fields/numbers.ts";
import { CostNote, PartialNote } from "../../search/page/answer-notes.tsx";
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
      <PartialNote
        isPartial={latency?.partial || found?.partial || false}
        nodesAway={latency?.statistics.nodesAway ?? found?.statistics.nodesAway ?? []}
      />
      {found && <CostNote statistics={found.statistics} things="spans" />}
    </div>
  );
}

/** A share in percent, two digits: `0.34 %`, `12 %`. */
export function shareText(share: number): string {
  const percent = share * 100;
  if (percent > 0 && percent < 0.01) return "< 0.01 %";
  return `${Number(percent.toPrecision(2))} %`;
}
