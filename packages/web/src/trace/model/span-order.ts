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

/** What the order depends on; element i of each list is about span i. */
export interface OrderedSpans {
  readonly ids: readonly string[];
  readonly parents: readonly string[];
  readonly starts: readonly number[];
  readonly texts: readonly string[];
  /** Places in `texts`, as those of `kinds`. */
  readonly services: readonly number[];
  readonly kinds: readonly number[];
}

/** Depth is drawn up to here; a trace of a runaway recursion is not indented off the screen. */
const DEEPEST = 60;

/**
 * The order of a waterfall: parents before children, siblings by start.
 *
 * @returns `order`: the index of the span at each place; `places`: what is known of each place
 */
export function spanOrder(spans: OrderedSpans): {
  readonly order: readonly number[];
  readonly places: readonly Place[];
} {
  const { ids, parents, starts } = spans;
  const { roots, childrenOf } = tree(spans);
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

/** Who is below whom; a span whose parent isn't there, or is itself, is a root. */
function tree(spans: OrderedSpans) {
  const parentOf = parentFinder(spans);
  const childrenOf = new Map<number, number[]>();
  const roots: number[] = [];
  spans.parents.forEach((_, index) => {
    const parent = parentOf(index);
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

/** Spans that share an id. */
interface Twins {
  /** In the order in which they were sent. */
  readonly all: number[];
  /** The halves of a call as Zipkin tells of it. */
  caller?: number;
  called?: number;
}

/**
 * The parent of each span. Of a call whose halves share an id, the called one is below the caller's, and has the children, but
 * for those of the caller's own service. Of other twins the first has them.
 */
function parentFinder({ ids, parents, texts, services, kinds }: OrderedSpans) {
  const indexOf = new Map<string, number>();
  const twinsOf = new Map<string, Twins>();
  ids.forEach((id, index) => {
    const first = indexOf.get(id);
    if (first === undefined) {
      indexOf.set(id, index);
      return;
    }
    const twins = twinsOf.get(id);
    if (twins) twins.all.push(index);
    else twinsOf.set(id, { all: [first, index] });
  });
  for (const twins of twinsOf.values()) {
    const find = (...names: readonly string[]) =>
      twins.all.find((index) => names.includes(texts[kinds[index] ?? -1] ?? ""));
    const [caller, called] = [find("Client", "Producer"), find("Server", "Consumer")];
    if (caller !== undefined && called !== undefined) Object.assign(twins, { caller, called });
  }

  return (index: number): number | undefined => {
    const parent = parents[index] ?? "";
    if (twinsOf.size === 0) return parent === "" ? undefined : indexOf.get(parent);
    const own = twinsOf.get(ids[index] ?? "");
    if (own?.caller !== undefined && index === own.called) return own.caller;
    if (parent === "") return undefined;
    const twins = twinsOf.get(parent);
    if (twins?.called === undefined || services[twins.called] === services[index]) {
      return twins?.called ?? indexOf.get(parent);
    }
    return services[twins.caller ?? -1] === services[index] ? twins.caller : twins.called;
  };
}
