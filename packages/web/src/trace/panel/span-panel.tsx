import type { SpanRow } from "@polylog/server/contract";
import { Cross2Icon } from "@radix-ui/react-icons";
import { Link } from "@tanstack/react-router";
import buttons from "../../app/button.module.css";
import { IconButton } from "../../app/icon-button.tsx";
import { usePreferences } from "../../app/preferences.ts";
import { useCopy } from "../../app/use-copy.ts";
import { useLater } from "../../app/use-later.ts";
import { StackTrace } from "../../search/record/stack-trace.tsx";
import { durationText } from "../../time/duration.ts";
import { dateAndTime, nanosecondsOf } from "../../time/format.ts";
import { zoneName } from "../../time/zone.ts";
import type { TraceModel, TraceSpan } from "../model/trace-model.ts";
import { AttributeTable } from "./attribute-table.tsx";
import { LogList } from "./log-lines.tsx";
import styles from "./panel.module.css";
import { likeIt, searchAround } from "./search-links.ts";

interface SpanPanelProps {
  readonly model: TraceModel;
  readonly one: TraceSpan;
  readonly place: number;
  /** All that the span says; not there yet while it is asked for. */
  readonly span: SpanRow | undefined;
  readonly error: Error | null;
  readonly color: string;
  readonly onClose: () => void;
}

/** Everything about one span. */
export function SpanPanel({ model, one, place, span, error, color, onClose }: SpanPanelProps) {
  const { zone } = usePreferences();
  const { isCopied, copy } = useCopy();
  const isSlow = useLater(span === undefined && error === null);
  const started = Number(model.start / 1_000_000n) + one.start / 1e6;
  const critical = model.critical.get(place)?.reduce((sum, part) => sum + part.end - part.start, 0) ?? 0;
  return (
    <section className={styles.panel} aria-label="Span">
      <header className={styles.title}>
        <i style={{ background: color }} />
        <h2>{one.name}</h2>
        <IconButton label="Close the span" title="Close (Esc)" onClick={onClose}>
          <Cross2Icon width={16} height={16} />
        </IconButton>
      </header>
      <dl className={styles.facts}>
        <Fact name="Service" value={one.service} />
        <Fact name="Duration" value={durationText(one.end - one.start)} />
        <Fact name="Starts" value={`${durationText(one.start)} into the trace`} />
        <Fact name="At" value={`${dateAndTime(started, zone)} ${zoneName(zone, started)}`} />
        {critical > 0 && <Fact name="Critical" value={`${durationText(critical)} on the critical path`} />}
        <Fact name="Kind" value={one.kind} />
        <Fact
          name="Status"
          value={one.hasError ? "Error" : (span?.statusCode ?? "")}
          isError={one.hasError}
        />
        <Fact name="Message" value={span?.statusMessage ?? one.message} isError={one.hasError} />
        <Fact name="Host" value={span?.host ?? ""} />
        <Fact name="Runtime" value={span?.runtime ?? ""} />
        <Fact name="Tracer" value={span?.scope ?? ""} />
        <Fact name="Span id" value={one.id} />
      </dl>
      <p className={styles.ways}>
        <Link to="/" search={searchAround(model, "span", one.id)}>
          Logs of this span
        </Link>
        <Link to="/" search={searchAround(model, "service", one.service)}>
          Logs of {one.service || "the service"} at this time
        </Link>
        <Link to="/traces" search={likeIt(model, one)}>
          Traces with this span
        </Link>
        {span && (
          <button type="button" className={buttons.link} onClick={() => copy(JSON.stringify(span, null, 2))}>
            {isCopied ? "Copied" : "Copy JSON"}
          </button>
        )}
      </p>
      {one.logs.length > 0 && (
        <>
          <h3>Logs</h3>
          <LogList logs={one.logs} model={model} />
        </>
      )}
      {error && <p className={styles.none}>{error.message}</p>}
      {isSlow && <p className={styles.none}>Asking for the rest of the span</p>}
      {span && <SpanDetails span={span} model={model} />}
    </section>
  );
}

/** What is not drawn in the waterfall: events, attributes, links. */
function SpanDetails({ span, model }: { readonly span: SpanRow; readonly model: TraceModel }) {
  return (
    <>
      {span.events.length > 0 && (
        <>
          <h3>Events</h3>
          {span.events.map((event, index) => {
            const { "exception.stacktrace": stack, ...attributes } = event.attributes;
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: the events of a span never change their order
              <div key={index} className={styles.event}>
                <p>
                  <b>{event.name}</b> {durationText(Number(nanosecondsOf(event.timestamp) - model.start))}{" "}
                  into the trace
                </p>
                <AttributeTable attributes={attributes} model={model} />
                {stack !== undefined && <StackTrace stack={stack} />}
              </div>
            );
          })}
        </>
      )}
      <h3>Attributes</h3>
      <AttributeTable attributes={span.attributes} model={model} />
      <h3>Resource</h3>
      <AttributeTable attributes={span.resource} model={model} />
      {span.links.length > 0 && (
        <>
          <h3>Links</h3>
          <ul className={styles.links}>
            {span.links.map((link) => (
              <li key={`${link.traceId} ${link.spanId}`}>
                <Link to="/trace/$traceId" params={{ traceId: link.traceId }} search={{ span: link.spanId }}>
                  {link.traceId}
                </Link>
              </li>
            ))}
          </ul>
        </>
      )}
    </>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly isError?: boolean;
}

function Fact({ name, value, isError = false }: FactProps) {
  if (value === "") return null;
  return (
    <div data-is-error={isError}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
