import { useQuery } from "@tanstack/react-query";
import { record } from "../../api/logs.ts";
import type { OpenedRecord } from "../page/search-params.ts";
import styles from "./record.module.css";
import type { RecordActions } from "./record-actions.ts";
import { RecordDetail } from "./record-detail.tsx";

interface OpenedElsewhereProps {
  readonly opened: OpenedRecord;
  readonly actions: RecordActions;
  readonly finder: RegExp | undefined;
}

/** A record whose address was opened, and which is not among the rows: the query or the time leaves it out. */
export function OpenedElsewhere({ opened, actions, finder }: OpenedElsewhereProps) {
  const { data, error } = useQuery({
    queryKey: ["record", opened.id],
    queryFn: ({ signal }) => record(opened.id, opened.time, signal),
  });
  if (error) {
    return (
      <p className={styles.elsewhere} role="status">
        The record of this address was not found: {error.message}
      </p>
    );
  }
  if (!data) return null;
  return (
    <div className={styles.elsewhereDetail}>
      <p className={styles.elsewhere}>The record of this address, which is not among the rows loaded below</p>
      <RecordDetail row={data} actions={actions} finder={finder} />
    </div>
  );
}
