import type { ServiceEdge, ServiceNode } from "../../contract/index.ts";

type Quantiles = readonly [p50: number, p95: number];
type CallValues = readonly [
  isNode: number,
  caller: string,
  callee: string,
  calls: string,
  errors: string,
  quantiles: Quantiles,
];
type PeerValues = readonly [
  service: string,
  isConsumer: number,
  kind: "database" | "queue",
  system: string,
  address: string,
  calls: string,
  errors: string,
  quantiles: Quantiles,
];

/**
 * Services and what they talk to, from the answers of `callsQuestion` and `peersQuestion`.
 *
 * @param nth one of how many traces was looked at: counts are multiplied by it
 */
export function graphOf(
  calls: readonly (readonly unknown[])[],
  peers: readonly (readonly unknown[])[],
  nth: number,
): { readonly nodes: ServiceNode[]; readonly edges: ServiceEdge[] } {
  const measured = (count: string, errors: string, [p50, p95]: Quantiles) => ({
    calls: Number(count) * nth,
    errors: Number(errors) * nth,
    p50,
    p95,
  });
  const nodes = new Map<string, ServiceNode>();
  const edges: ServiceEdge[] = [];
  for (const [isNode, caller, callee, count, errors, quantiles] of calls as readonly CallValues[]) {
    const counts = measured(count, errors, quantiles);
    if (isNode) nodes.set(callee, { name: callee, kind: "service", ...counts });
    // Calls from outside have no caller that could be shown.
    else if (caller !== "") edges.push({ from: caller, to: callee, ...counts });
  }
  for (const [
    service,
    isConsumer,
    kind,
    system,
    address,
    count,
    errors,
    quantiles,
  ] of peers as readonly PeerValues[]) {
    const name = address === "" ? system : `${system} ${address}`;
    const counts = measured(count, errors, quantiles);
    const known = nodes.get(name);
    const isIncoming = !isConsumer;
    if (known === undefined)
      nodes.set(name, { name, kind, ...(isIncoming ? counts : { ...counts, calls: 0, errors: 0 }) });
    else if (isIncoming) nodes.set(name, together(known, counts));
    edges.push({ from: isConsumer ? name : service, to: isConsumer ? service : name, ...counts });
  }
  return { nodes: [...nodes.values()], edges };
}

type Measured = Pick<ServiceNode, "calls" | "errors" | "p50" | "p95">;

/** Two groups of calls as one. Quantiles of both can't be had from those of each: the larger one's stand for them. */
function together(node: ServiceNode, other: Measured): ServiceNode {
  const larger = node.calls >= other.calls ? node : other;
  return {
    ...node,
    calls: node.calls + other.calls,
    errors: node.errors + other.errors,
    p50: larger.p50,
    p95: larger.p95,
  };
}
