import { useMemo } from "react";
import { wholeNumber } from "../../fields/numbers.ts";
import { durationText } from "../../time/duration.ts";
import type { TraceModel } from "../model/trace-model.ts";
import { LogList } from "./log-lines.tsx";
import styles from "./panel.module.css";

interface TracePanelProps {
  readonly model: TraceModel;
  readonly colors: ReadonlyMap<string, string>;
}

/** Beside the waterfall while no span is open: the services that took part, and the trace's logs. */
export function TracePanel({ model, colors }: TracePanelProps) {
  const services = useMemo(() => serviceShares(model), [model]);
  const logs = useMemo(
    () => [...model.spans.flatMap((span) => span.logs), ...model.looseLogs].sort((a, b) => a.at - b.at),
    [model],
  );
  return (
    <section className={styles.panel} aria-label="Trace">
      <h3>Services</h3>
      <table className={styles.services}>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Spans</th>
            <th scope="col">On the critical path</th>
          </tr>
        </thead>
        <tbody>
          {services.map(({ service, spans, critical }) => (
            <tr key={service}>
              <td>
                <i style={{ background: colors.get(service) }} />
                {service || "(no name)"}
              </td>
              <td>{wholeNumber(spans)}</td>
              <td>{critical === 0 ? "–" : durationText(critical)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <h3>{logs.length === 0 ? "No log carries this trace's id" : `Logs, ${wholeNumber(logs.length)}`}</h3>
      <LogList logs={logs} model={model} />
    </section>
  );
}

function serviceShares(model: TraceModel) {
  const shares = new Map<string, { service: string; spans: number; critical: number }>();
  model.spans.forEach(({ service }, place) => {
    const share = shares.get(service) ?? { service, spans: 0, critical: 0 };
    share.spans += 1;
    for (const part of model.critical.get(place) ?? []) share.critical += part.end - part.start;
    shares.set(service, share);
  });
  return [...shares.values()].sort((a, b) => b.critical - a.critical || b.spans - a.spans);
}
