/** Where a span stands in the tree of its trace. */
export interface Place {
  readonly depth: number;
  /** Places of the children, by start. */
  readonly children: readonly number[];
  readonly descendants: number;
  readonly isOrphan: boolean;
}

interface OpenPlace {
  depth: number;
  children: number[];
  descendants: number;
  isOrphan: boolean;
}

/** Depth is drawn up to here; a trace of a runaway recursion is not indented off the screen. */
const DEEPEST = 60;

/**
 * The order of a waterfall: parents before children, siblings by start.
 *
 * @returns `order`: the index of the span at each place; `places`: what is known of each place
 */
export function spanOrder(
  ids: readonly string[],
  parents: readonly string[],
  starts: readonly number[],
): { readonly order: readonly number[]; readonly places: readonly Place[] } {
  const { roots, childrenOf } = tree(ids, parents);
  const byStart = (a: number, b: number) => (starts[a] ?? 0) - (starts[b] ?? 0) || a - b;
  for (const siblings of childrenOf.values()) siblings.sort(byStart);

  const order: number[] = [];
  const places: OpenPlace[] = [];
  const parentOf: number[] = [];
  const seen = new Uint8Array(ids.length);
  // A stack rather than recursion: a trace may be thousands of spans deep.
  const visitFrom = (root: number, isRingCut: boolean) => {
    const stack = [{ index: root, depth: 0, parent: -1 }];
    for (let next = stack.pop(); next !== undefined; next = stack.pop()) {
      const { index, depth, parent } = next;
      if (seen[index]) continue;
      seen[index] = 1;
      const place = order.length;
      order.push(index);
      parentOf.push(parent);
      places.push({
        depth: Math.min(depth, DEEPEST),
        children: [],
        descendants: 0,
        isOrphan: parent < 0 && (isRingCut || parents[index] !== ""),
      });
      places[parent]?.children.push(place);
      const children = childrenOf.get(index) ?? [];
      for (let at = children.length - 1; at >= 0; at--) {
        stack.push({ index: children[at] as number, depth: depth + 1, parent: place });
      }
    }
  };
  for (const root of roots.sort(byStart)) visitFrom(root, false);
  // What is left is rings: each is cut open where it begins.
  for (let index = 0; index < ids.length; index++) if (!seen[index]) visitFrom(index, true);

  for (let place = places.length - 1; place >= 0; place--) {
    const parent = places[parentOf[place] ?? -1];
    if (parent) parent.descendants += 1 + (places[place]?.descendants ?? 0);
  }
  return { order, places };
}

/** Who is below whom; a span whose parent isn't there, or is itself, is a root. The first of twins has the children. */
function tree(ids: readonly string[], parents: readonly string[]) {
  const indexOf = new Map<string, number>();
  ids.forEach((id, index) => {
    if (!indexOf.has(id)) indexOf.set(id, index);
  });
  const childrenOf = new Map<number, number[]>();
  const roots: number[] = [];
  parents.forEach((id, index) => {
    const parent = id === "" ? undefined : indexOf.get(id);
    if (parent === undefined || parent === index) {
      roots.push(index);
      return;
    }
    const siblings = childrenOf.get(parent);
    if (siblings) siblings.push(index);
    else childrenOf.set(parent, [index]);
  });
  return { roots, childrenOf };
}
