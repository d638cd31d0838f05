import type { ServiceEdge, ServiceNode, ServicesResponse } from "@polylog/server/contract";
import { ArchiveIcon, StackIcon } from "@radix-ui/react-icons";
import { useMemo } from "react";
import { shortCount } from "../fields/numbers.ts";
import { durationText } from "../time/duration.ts";
import { serviceColors } from "../trace/model/service-color.ts";
import { shareText } from "../traces/page/traces-status.tsx";
import { layoutOf, type Placed } from "./layout.ts";
import styles from "./services.module.css";

interface ServiceMapProps {
  readonly data: ServicesResponse;
  readonly selected: string | undefined;
  /** Pixels that there are. */
  readonly room: number;
  readonly onSelect: (name: string | undefined) => void;
}

const NODE_WIDTH = 176;
const NODE_HEIGHT = 46;
const ROW_HEIGHT = 64;
const MARGIN = 16;
/** Between the left sides of two boxes: as much as there is room for. */
const COLUMN = { narrowest: 216, widest: 320 } as const;
/** From this share of failures on, a call or a service is shown in red: one of a thousand is nothing to look at. */
const NOTICED = 0.01;

/** Who calls whom: a box a service, a line a call, thicker the more there are, red where they fail. */
export function ServiceMap({ data, selected, room, onSelect }: ServiceMapProps) {
  const layout = useMemo(() => layoutOf(data.nodes, data.edges), [data]);
  const colors = useMemo(() => serviceColors(data.nodes.map(({ name }) => name)), [data]);
  const most = useMemo(() => Math.max(1, ...data.edges.map(({ calls }) => calls)), [data]);
  const gaps = Math.max(1, layout.columns - 1);
  const column = Math.max(
    COLUMN.narrowest,
    Math.min(COLUMN.widest, Math.floor((room - NODE_WIDTH - 2 * MARGIN) / gaps)),
  );
  const width = Math.max(0, layout.columns - 1) * column + NODE_WIDTH + 2 * MARGIN;
  const height = Math.max(0, layout.rows - 1) * ROW_HEIGHT + NODE_HEIGHT + 2 * MARGIN;
  const isNear = (edge: ServiceEdge) =>
    selected === undefined || edge.from === selected || edge.to === selected;
  const near = useMemo(
    () =>
      new Set(
        data.edges
          .filter(({ from, to }) => from === selected || to === selected)
          .flatMap(({ from, to }) => [from, to]),
      ),
    [data, selected],
  );
  return (
    // biome-ignore lint/a11y/useSemanticElements: no other element can be a drawing
    <svg
      className={styles.map}
      width={width}
      height={height}
      viewBox={`0 0 ${width} ${height}`}
      role="group"
      aria-label="Map of the services"
    >
      {data.edges.map((edge) => {
        const from = layout.places.get(edge.from);
        const to = layout.places.get(edge.to);
        if (!from || !to) return null;
        return (
          <path
            key={JSON.stringify([edge.from, edge.to])}
            d={lineOf(from, to, column)}
            className={styles.edge}
            data-has-error={isNoticed(edge)}
            data-is-dimmed={!isNear(edge)}
            strokeWidth={1 + 5 * (Math.log10(1 + edge.calls) / Math.log10(1 + most))}
          >
            <title>{edgeText(edge)}</title>
          </path>
        );
      })}
      {[...layout.places.values()].map((placed) => (
        <NodeBox
          key={placed.node.name}
          placed={placed}
          column={column}
          color={colors.get(placed.node.name) ?? ""}
          isSelected={placed.node.name === selected}
          isDimmed={selected !== undefined && placed.node.name !== selected && !near.has(placed.node.name)}
          onSelect={() => onSelect(placed.node.name === selected ? undefined : placed.node.name)}
        />
      ))}
    </svg>
  );
}

interface NodeBoxProps {
  readonly placed: Placed;
  readonly column: number;
  readonly color: string;
  readonly isSelected: boolean;
  readonly isDimmed: boolean;
  readonly onSelect: () => void;
}

function NodeBox({ placed, column, color, isSelected, isDimmed, onSelect }: NodeBoxProps) {
  const { node } = placed;
  const { x, y } = cornerOf(placed, column);
  return (
    <foreignObject x={x} y={y} width={NODE_WIDTH} height={NODE_HEIGHT}>
      <button
        type="button"
        className={styles.node}
        data-kind={node.kind}
        data-is-dimmed={isDimmed}
        aria-pressed={isSelected}
        title={`${node.name}, ${node.kind}`}
        onClick={onSelect}
      >
        <span className={styles.name}>
          {node.kind === "service" && <i style={{ background: color }} />}
          {node.kind === "database" && <ArchiveIcon width={13} height={13} aria-label="Database" />}
          {node.kind === "queue" && <StackIcon width={13} height={13} aria-label="Queue" />}
          <b>{node.name || "(no name)"}</b>
        </span>
        <span className={styles.figures}>
          {shortCount(node.calls)} · p95 {durationText(node.p95)}
          {node.errors > 0 && (
            <em data-has-error={isNoticed(node)} title="Failed">
              {shareText(node.errors / Math.max(1, node.calls))}
            </em>
          )}
        </span>
      </button>
    </foreignObject>
  );
}

function cornerOf({ column, row }: Placed, width: number): { readonly x: number; readonly y: number } {
  return { x: MARGIN + column * width, y: MARGIN + row * ROW_HEIGHT };
}

/** A curve from the right side of one box to the left of the other; a call back goes round below. */
function lineOf(from: Placed, to: Placed, column: number): string {
  const start = cornerOf(from, column);
  const end = cornerOf(to, column);
  const y = start.y + NODE_HEIGHT / 2;
  const toY = end.y + NODE_HEIGHT / 2;
  if (to.column > from.column) {
    const x = start.x + NODE_WIDTH;
    const bend = Math.min(120, (end.x - x) / 2);
    return `M${x} ${y} C${x + bend} ${y} ${end.x - bend} ${toY} ${end.x} ${toY}`;
  }
  const low = Math.max(y, toY) + ROW_HEIGHT * 0.62;
  const x = start.x + NODE_WIDTH / 2;
  const toX = end.x + NODE_WIDTH / 2;
  return `M${x} ${y + NODE_HEIGHT / 2} C${x} ${low} ${toX} ${low} ${toX} ${toY + NODE_HEIGHT / 2}`;
}

/** A call in words. */
function edgeText({ from, to, calls, errors, p95 }: ServiceEdge): string {
  const failed = errors === 0 ? "" : `, ${shareText(errors / calls)} failed`;
  return `${from} calls ${to}: ${shortCount(calls)} ${calls === 1 ? "time" : "times"}${failed}, p95 ${durationText(p95)}`;
}

/** Services before databases and queues, the busiest first. */
export function inOrder(nodes: readonly ServiceNode[]): readonly ServiceNode[] {
  return nodes.toSorted(
    (a, b) => Number(a.kind !== "service") - Number(b.kind !== "service") || b.calls - a.calls,
  );
}

/** Whether so many calls failed that it is shown in red. */
export function isNoticed({ calls, errors }: Pick<ServiceNode, "calls" | "errors">): boolean {
  return errors / Math.max(1, calls) >= NOTICED;
}
