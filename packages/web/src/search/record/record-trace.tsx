import { Link } from "@tanstack/react-router";
import { useMemo } from "react";
import { useOutline } from "../../api/trace.ts";
import { useLater } from "../../app/use-later.ts";
import { wholeNumber } from "../../fields/numbers.ts";
import { durationText } from "../../time/duration.ts";
import { serviceColors } from "../../trace/model/service-color.ts";
import { type TraceSpan, traceModel } from "../../trace/model/trace-model.ts";
import record from "./record.module.css";
import styles from "./record-trace.module.css";

const LINES = 14;

interface RecordTraceProps {
  readonly traceId: string;
  readonly spanId: string;
}

/** The trace of a record in a few lines: where its span stands, and the way to the whole. */
export function RecordTrace({ traceId, spanId }: RecordTraceProps) {
  const { data, error, isPending } = useOutline(traceId);
  const isSlow = useLater(isPending);
  const model = useMemo(() => (data ? traceModel(data) : undefined), [data]);
  const colors = useMemo(() => serviceColors(model?.services ?? []), [model]);
  const shown = model ? around(model.spans, spanId) : [];
  return (
    <section aria-label="Trace">
      <h3>
        {model && model.spans.length > 0
          ? `Trace, ${wholeNumber(model.spans.length)} ${model.spans.length === 1 ? "span" : "spans"}, ${durationText(model.duration)}`
          : "Trace"}
        <Link to="/trace/$traceId" params={{ traceId }} search={spanId === "" ? {} : { span: spanId }}>
          Open the trace
        </Link>
      </h3>
      {error && <p className={record.note}>{error.message}</p>}
      {isSlow && <p className={record.note}>Looking for the trace</p>}
      {model && model.spans.length === 0 && (
        <p className={record.note}>Its spans have not arrived, or are older than what is kept.</p>
      )}
      {model && (
        <ol className={styles.spans}>
          {shown.map((one) => (
            <li
              key={one.key}
              className={styles.span}
              aria-current={one.id === spanId ? "true" : undefined}
              data-has-error={one.hasError}
            >
              <span className={styles.name} style={{ paddingLeft: Math.min(one.depth, 8) * 8 }}>
                {one.name}
              </span>
              <span className={styles.track}>
                <i
                  style={{
                    left: `${(one.start / model.duration) * 100}%`,
                    width: `max(2px, ${((one.end - one.start) / model.duration) * 100}%)`,
                    background: one.hasError ? undefined : colors.get(one.service),
                  }}
                />
              </span>
              <span className={styles.duration}>{durationText(one.end - one.start)}</span>
            </li>
          ))}
        </ol>
      )}
      {model && model.spans.length > shown.length && (
        <p className={record.note}>
          {wholeNumber(model.spans.length - shown.length)} more spans in the trace
        </p>
      )}
    </section>
  );
}

/** The lines around the record's own span. */
function around(spans: readonly TraceSpan[], spanId: string): readonly TraceSpan[] {
  const own = spans.findIndex(({ id }) => id === spanId);
  const first = Math.max(0, Math.min(own - Math.floor(LINES / 2), spans.length - LINES));
  return spans.slice(first, first + LINES);
}
