import type { LogRow } from "@polylog/server/contract";
import { Cross2Icon } from "@radix-ui/react-icons";
import { useMemo, useState } from "react";
import { IconButton } from "../../app/icon-button.tsx";
import { usePreferences } from "../../app/preferences.ts";
import { useCopy } from "../../app/use-copy.ts";
import { dateAndTime, millisecondsOf } from "../../time/format.ts";
import { zoneName } from "../../time/zone.ts";
import { Marked } from "../rows/marked.tsx";
import { FieldTable } from "./field-table.tsx";
import styles from "./record.module.css";
import type { RecordActions } from "./record-actions.ts";
import { fieldGroups, recordJson, stackOf } from "./record-fields.ts";
import { RecordTrace } from "./record-trace.tsx";
import { StackTrace } from "./stack-trace.tsx";
import { Surroundings } from "./surroundings.tsx";

interface RecordDetailProps {
  readonly row: LogRow;
  readonly actions: RecordActions;
  /** Finds what the query asks of the message. */
  readonly finder: RegExp | undefined;
}

/** Everything about one record, under its row. */
export function RecordDetail({ row, actions, finder }: RecordDetailProps) {
  const { zone } = usePreferences();
  const [isJson, setIsJson] = useState(false);
  const groups = useMemo(() => fieldGroups(row), [row]);
  const json = useMemo(() => recordJson(row), [row]);
  const stack = stackOf(row);
  const ms = millisecondsOf(row.timestamp);
  const fraction = /\.(\d+)/.exec(row.timestamp)?.[1] ?? "";
  return (
    <section className={styles.detail} data-level={row.level} aria-label="Record">
      <div className={styles.bar}>
        <time dateTime={row.timestamp}>
          {dateAndTime(ms, zone)}
          {fraction !== "" && `.${fraction}`} {zoneName(zone, ms)}
        </time>
        <span className={styles.tools}>
          <button
            type="button"
            aria-pressed={isJson}
            className={styles.tool}
            onClick={() => setIsJson(!isJson)}
          >
            JSON
          </button>
          <CopyTool label="Copy message" text={row.body} />
          <CopyTool label="Copy JSON" text={json} />
          <CopyTool label="Copy link" text={window.location.href} />
          <IconButton label="Close the record" title="Close (Esc)" onClick={actions.onClose}>
            <Cross2Icon width={16} height={16} />
          </IconButton>
        </span>
      </div>
      {isJson ? (
        <pre className={styles.json}>{json}</pre>
      ) : (
        <div className={styles.parts}>
          <div className={styles.left}>
            <pre className={styles.body}>
              <Marked text={row.body === "" ? row.eventName || "(no message)" : row.body} finder={finder} />
            </pre>
            {stack !== undefined && <StackTrace stack={stack} />}
            <FieldTable groups={groups} actions={actions} />
          </div>
          <div className={styles.right}>
            {row.traceId !== "" && <RecordTrace traceId={row.traceId} spanId={row.spanId} />}
            <Surroundings row={row} />
          </div>
        </div>
      )}
    </section>
  );
}

function CopyTool({ label, text }: { readonly label: string; readonly text: string }) {
  const { isCopied, copy } = useCopy();
  return (
    <button type="button" className={styles.tool} onClick={() => copy(text)}>
      {isCopied ? "Copied" : label}
    </button>
  );
}
