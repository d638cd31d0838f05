import type { ServiceEdge, ServiceNode } from "@polylog/server/contract";

/** Where a service stands on the map: its column from the left, and its place in it from the top. */
export interface Placed {
  readonly node: ServiceNode;
  readonly column: number;
  readonly row: number;
}

interface MapLayout {
  readonly places: ReadonlyMap<string, Placed>;
  readonly columns: number;
  /** Places of the highest column. */
  readonly rows: number;
}

/** Sweeps over the columns; more change nothing that can be seen. */
const SWEEPS = 6;

/**
 * Columns of services: who calls stands left of who is called, as far as rings allow, and neighbours stand near each
 * other, so that few lines cross.
 */
export function layoutOf(nodes: readonly ServiceNode[], edges: readonly ServiceEdge[]): MapLayout {
  const columnOf = columnsOf(nodes, edges);
  const columns: string[][] = [];
  for (const { name } of nodes.toSorted((a, b) => b.calls - a.calls || (a.name < b.name ? -1 : 1))) {
    const column = columnOf.get(name) ?? 0;
    columns[column] = [...(columns[column] ?? []), name];
  }
  const neighbours = neighboursOf(edges);
  const rowOf = new Map<string, number>();
  const settle = (names: readonly string[]) => {
    names.forEach((name, row) => {
      rowOf.set(name, row / names.length);
    });
  };
  columns.forEach(settle);
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    for (const names of columns) {
      const middleOf = (name: string) => meanOf(neighbours.get(name) ?? [], rowOf, rowOf.get(name) ?? 0);
      const middles = new Map(names.map((name) => [name, middleOf(name)]));
      names.sort((a, b) => (middles.get(a) ?? 0) - (middles.get(b) ?? 0));
      // The next column goes by where these stand now: by where they stood, two could change places for ever.
      settle(names);
    }
  }
  const rows = Math.max(0, ...columns.map((names) => names.length));
  const byName = new Map(nodes.map((node) => [node.name, node]));
  const places = new Map<string, Placed>();
  columns.forEach((names, column) => {
    names.forEach((name, row) => {
      const node = byName.get(name);
      // A short column stands in the middle.
      if (node) places.set(name, { node, column, row: row + (rows - names.length) / 2 });
    });
  });
  return { places, columns: columns.length, rows };
}

/** The longest way to each from where no call comes from; calls back in a ring don't count. */
function columnsOf(
  nodes: readonly ServiceNode[],
  edges: readonly ServiceEdge[],
): ReadonlyMap<string, number> {
  const callees = new Map<string, string[]>();
  const called = new Set<string>();
  for (const { from, to } of edges) {
    if (from === to) continue;
    callees.set(from, [...(callees.get(from) ?? []), to]);
    called.add(to);
  }
  // Where all are called, as in a ring, the one with most calls begins.
  const first = nodes.toSorted(
    (a, b) => Number(called.has(a.name)) - Number(called.has(b.name)) || b.calls - a.calls,
  );
  const state = new Map<string, "open" | "done">();
  const order: string[] = [];
  const back = new Set<string>();
  for (const { name } of first) visit(name);

  // Depth first, without recursion; callers come after those they call.
  function visit(start: string): void {
    if (state.has(start)) return;
    state.set(start, "open");
    const stack = [{ name: start, rest: [...(callees.get(start) ?? [])] }];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const next = top.rest.pop();
      if (next === undefined) {
        state.set(top.name, "done");
        order.push(top.name);
        stack.pop();
      } else if (state.get(next) === "open") back.add(JSON.stringify([top.name, next]));
      else if (!state.has(next)) {
        state.set(next, "open");
        stack.push({ name: next, rest: [...(callees.get(next) ?? [])] });
      }
    }
  }

  const columns = new Map<string, number>();
  for (const name of order.toReversed()) {
    const column = columns.get(name) ?? 0;
    columns.set(name, column);
    for (const callee of callees.get(name) ?? []) {
      if (back.has(JSON.stringify([name, callee]))) continue;
      columns.set(callee, Math.max(columns.get(callee) ?? 0, column + 1));
    }
  }
  return columns;
}

function neighboursOf(edges: readonly ServiceEdge[]): ReadonlyMap<string, readonly string[]> {
  const neighbours = new Map<string, string[]>();
  for (const { from, to } of edges) {
    neighbours.set(from, [...(neighbours.get(from) ?? []), to]);
    neighbours.set(to, [...(neighbours.get(to) ?? []), from]);
  }
  return neighbours;
}

function meanOf(names: readonly string[], rowOf: ReadonlyMap<string, number>, none: number): number {
  if (names.length === 0) return none;
  return names.reduce((sum, name) => sum + (rowOf.get(name) ?? 0), 0) / names.length;
}
