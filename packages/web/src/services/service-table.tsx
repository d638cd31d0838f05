import type { ServicesResponse } from "@polylog/server/contract";
import { wholeNumber } from "../fields/numbers.ts";
import { durationText } from "../time/duration.ts";
import { shareText } from "../traces/page/traces-status.tsx";
import { inOrder, isNoticed } from "./service-map.tsx";
import styles from "./services.module.css";

interface ServiceTableProps {
  readonly data: ServicesResponse;
  readonly selected: string | undefined;
  readonly onSelect: (name: string) => void;
}

/** The same as the map in figures. */
export function ServiceTable({ data, selected, onSelect }: ServiceTableProps) {
  return (
    <table className={styles.table}>
      <thead>
        <tr>
          <th scope="col">Service</th>
          <th scope="col">Calls</th>
          <th scope="col">Failed</th>
          <th scope="col">p50</th>
          <th scope="col">p95</th>
        </tr>
      </thead>
      <tbody>
        {inOrder(data.nodes).map((node) => (
          <tr key={node.name} aria-selected={node.name === selected}>
            <th scope="row">
              <button type="button" onClick={() => onSelect(node.name)}>
                {node.name || "(no name)"}
              </button>
              {node.kind !== "service" && <small>{node.kind}</small>}
            </th>
            <td>{wholeNumber(node.calls)}</td>
            <td data-has-error={isNoticed(node)}>
              {node.errors === 0 ? "–" : shareText(node.errors / Math.max(1, node.calls))}
            </td>
            <td>{durationText(node.p50)}</td>
            <td>{durationText(node.p95)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
