import type { ServiceEdge, ServiceNode, ServicesResponse } from "@polylog/server/contract";
import { quoteValue } from "@polylog/server/query";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { wholeNumber } from "../fields/numbers.ts";
import { durationText } from "../time/duration.ts";
import type { TimeRange } from "../time/range.ts";
import panel from "../trace/panel/panel.module.css";
import { shareText } from "../traces/page/traces-status.tsx";
import { isNoticed } from "./service-map.tsx";
import styles from "./services.module.css";

interface ServicePanelProps {
  readonly data: ServicesResponse;
  readonly node: ServiceNode;
  readonly range: TimeRange;
  readonly close: ReactNode;
}

/** One service: its figures, who calls it and whom it calls, and the ways to its traces and logs. */
export function ServicePanel({ data, node, range, close }: ServicePanelProps) {
  const time = { from: range.from, ...(range.to === undefined ? {} : { to: range.to }) };
  const own = `service:${quoteValue(node.name)}`;
  const callers = data.edges.filter(({ to }) => to === node.name);
  const callees = data.edges.filter(({ from }) => from === node.name);
  const milliseconds = Math.max(1, Math.round(node.p95 / 1e6));
  return (
    <section className={panel.panel} aria-label="Service">
      <header className={panel.title}>
        <h2>{node.name || "(no name)"}</h2>
        {close}
      </header>
      <dl className={panel.facts}>
        <Fact name="Kind" value={node.kind} />
        <Fact name="Calls" value={wholeNumber(node.calls)} />
        <Fact
          name="Failed"
          value={
            node.errors === 0
              ? "none"
              : `${wholeNumber(node.errors)} (${shareText(node.errors / Math.max(1, node.calls))})`
          }
          isError={node.errors > 0}
        />
        <Fact name="p50" value={durationText(node.p50)} />
        <Fact name="p95" value={durationText(node.p95)} />
      </dl>
      {node.kind === "service" && (
        <p className={panel.ways}>
          <Link to="/traces" search={{ ...time, q: own }}>
            Traces
          </Link>
          <Link to="/traces" search={{ ...time, q: `${own} duration:>${milliseconds}ms`, order: "longest" }}>
            Slower than p95
          </Link>
          {node.errors > 0 && (
            <Link to="/traces" search={{ ...time, q: `${own} status:error` }}>
              Failed
            </Link>
          )}
          <Link to="/" search={{ ...time, q: own }}>
            Logs
          </Link>
        </p>
      )}
      <Calls title="Called by" edges={callers} nameOf={({ from }) => from} time={time} />
      <Calls title="Calls" edges={callees} nameOf={({ to }) => to} time={time} />
    </section>
  );
}

interface CallsProps {
  readonly title: string;
  readonly edges: readonly ServiceEdge[];
  readonly nameOf: (edge: ServiceEdge) => string;
  readonly time: { readonly from: string; readonly to?: string };
}

function Calls({ title, edges, nameOf, time }: CallsProps) {
  if (edges.length === 0) return null;
  return (
    <>
      <h3>{title}</h3>
      <table className={styles.calls}>
        <thead>
          <tr>
            <th scope="col">Service</th>
            <th scope="col">Calls</th>
            <th scope="col">Failed</th>
            <th scope="col">p95</th>
          </tr>
        </thead>
        <tbody>
          {edges
            .toSorted((a, b) => b.calls - a.calls)
            .map((edge) => (
              <tr key={nameOf(edge)}>
                <th scope="row">
                  <Link to="/services" search={{ ...time, service: nameOf(edge) }}>
                    {nameOf(edge) || "(no name)"}
                  </Link>
                </th>
                <td>{wholeNumber(edge.calls)}</td>
                <td data-has-error={isNoticed(edge)}>
                  {edge.errors === 0 ? "–" : shareText(edge.errors / edge.calls)}
                </td>
                <td>{durationText(edge.p95)}</td>
              </tr>
            ))}
        </tbody>
      </table>
    </>
  );
}

interface FactProps {
  readonly name: string;
  readonly value: string;
  readonly isError?: boolean;
}

function Fact({ name, value, isError = false }: FactProps) {
  return (
    <div data-is-error={isError}>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
