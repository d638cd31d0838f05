import { ArrowUpIcon } from "@radix-ui/react-icons";
import { wholeNumber } from "../../fields/numbers.ts";
import styles from "./tail.module.css";
import type { Tail } from "./use-tail.ts";

interface TailBarProps {
  readonly tail: Tail;
  readonly onResume: () => void;
}

/** Over the list while it is live: how many records wait, and whether only some of them are shown. */
export function TailBar({ tail, onResume }: TailBarProps) {
  const { buffer, isPaused, sampling, problem } = tail;
  if (!isPaused && !sampling && !problem) return null;
  return (
    <div className={styles.bar} role="status">
      {isPaused && (
        <button type="button" className={styles.resume} onClick={onResume}>
          <ArrowUpIcon width={14} height={14} aria-hidden="true" />
          {buffer.waitingCount === 0
            ? "Paused. Go on"
            : `${wholeNumber(buffer.waitingCount)} new ${buffer.waitingCount === 1 ? "record waits" : "records wait"}. Show`}
        </button>
      )}
      {sampling && (
        <span className={styles.sampling}>
          {wholeNumber(sampling.matched)} records a second match; {wholeNumber(sampling.sent)} of them are
          shown
        </span>
      )}
      {problem && <span className={styles.problem}>{problem.message}</span>}
    </div>
  );
}
