import type { HistogramResponse, SearchResponse } from "@polylog/server/contract";
import { setPreferences, usePreferences } from "../../app/preferences.ts";
import { useIsNarrow } from "../../app/use-media.ts";
import { wholeNumber } from "../../fields/numbers.ts";
import { rangeText, shortRangeText } from "../../time/format.ts";
import { zoneName } from "../../time/zone.ts";
import { CostNote, PartialNote } from "./answer-notes.tsx";
import styles from "./search-page.module.css";

interface StatusLineProps {
  readonly histogram: HistogramResponse | undefined;
  readonly page: SearchResponse | undefined;
  readonly tools: React.ReactNode;
}

/** How much was found, the real bounds of the time, and what the search cost. */
export function StatusLine({ histogram, page, tools }: StatusLineProps) {
  const { zone } = usePreferences();
  const isNarrow = useIsNarrow();
  const bounds = histogram ?? page;
  const isPartial = histogram?.partial || page?.partial || false;
  const nodesAway = histogram?.statistics.nodesAway ?? page?.statistics.nodesAway ?? [];
  return (
    <div className={styles.status} role="status">
      {tools}
      {histogram && (
        <span>
          <b>{wholeNumber(histogram.total)}</b> {histogram.total === 1 ? "record" : "records"}
        </span>
      )}
      {bounds && (
        <span>
          {isNarrow ? shortRangeText(bounds.from, bounds.to, zone) : rangeText(bounds.from, bounds.to, zone)}{" "}
          <button
            type="button"
            title={zone === "utc" ? "Show local times" : "Show times in UTC"}
            onClick={() => setPreferences({ zone: zone === "utc" ? "local" : "utc" })}
          >
            {zoneName(zone, bounds.to)}
          </button>
        </span>
      )}
      <PartialNote isPartial={isPartial} nodesAway={nodesAway} />
      {page && <CostNote statistics={page.statistics} things="rows" />}
    </div>
  );
}
