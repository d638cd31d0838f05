import type { Statistics } from "@polylog/server/contract";
import { byteText, shortCount, wholeNumber } from "../../fields/numbers.ts";
import styles from "./search-page.module.css";

interface PartialNoteProps {
  /** Whether any of the answers that are shown is a part. */
  readonly isPartial: boolean;
  /** Nodes of a cluster that were missing. */
  readonly nodesAway: readonly string[];
}

/** Says that there may be more, and why. */
export function PartialNote({ isPartial, nodesAway }: PartialNoteProps) {
  if (nodesAway.length > 0) {
    return (
      <span className={styles.partial}>
        Part of the answer: away, with what they hold, {nodesAway.length === 1 ? "is" : "are"}{" "}
        {nodesAway.join(", ")}
      </span>
    );
  }
  if (!isPartial) return null;
  return (
    <span className={styles.partial}>
      Part of the answer: a limit ended the search. Narrow the time or the query.
    </span>
  );
}

/** What an answer cost the store. */
export function CostNote({
  statistics,
  things,
}: {
  readonly statistics: Statistics;
  readonly things: string;
}) {
  return (
    <span className={styles.cost}>
      read {shortCount(statistics.rowsRead)} {things}, {byteText(statistics.bytesRead)} in{" "}
      {wholeNumber(Math.round(statistics.elapsedMs))} ms
    </span>
  );
}
