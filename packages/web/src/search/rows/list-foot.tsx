import buttons from "../../app/button.module.css";
import { useLater } from "../../app/use-later.ts";
import { wholeNumber } from "../../fields/numbers.ts";
import styles from "./rows.module.css";

interface ListFootProps {
  readonly count: number;
  readonly isLoading: boolean;
  readonly hasMore: boolean;
  readonly error: Error | null;
  readonly onRetry: () => void;
}

/** Under the last row: that more comes, that there is no more, or that more could not be had. */
export function ListFoot({ count, isLoading, hasMore, error, onRetry }: ListFootProps) {
  const isSlow = useLater(isLoading);
  return (
    <div className={styles.foot} role="status">
      {error ? (
        <>
          <span>{error.message}&nbsp;</span>
          <button type="button" className={buttons.link} onClick={onRetry}>
            Ask again
          </button>
        </>
      ) : hasMore ? (
        isSlow && "More records are on their way"
      ) : (
        count > 0 && `That is all: ${wholeNumber(count)} ${count === 1 ? "record" : "records"}`
      )}
    </div>
  );
}
