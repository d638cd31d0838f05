import type { TraceSummary } from "../../contract/index.ts";
import { instantText } from "../../query/instant.ts";

type MatchValues = readonly [
  traceId: string,
  spanId: string,
  service: string,
  name: string,
  duration: string,
];
type SummaryValues = readonly [
  traceId: string,
  service: string,
  start: string,
  end: string,
  spans: string,
  errors: string,
  first: readonly [isChild: boolean | number, start: string, name: string],
];

/** Traces in the order of the spans for which they were found. */
export function summariesOf(
  matches: readonly (readonly unknown[])[],
  parts: readonly (readonly unknown[])[],
): TraceSummary[] {
  const byTrace = new Map<string, SummaryValues[]>();
  for (const part of parts as readonly SummaryValues[]) {
    const known = byTrace.get(part[0]);
    if (known === undefined) byTrace.set(part[0], [part]);
    else known.push(part);
  }
  return (matches as readonly MatchValues[]).flatMap((match) => {
    const services = byTrace.get(match[0]);
    return services === undefined ? [] : [summaryOf(match, services)];
  });
}

function summaryOf(
  [traceId, spanId, service, name, duration]: MatchValues,
  parts: readonly SummaryValues[],
): TraceSummary {
  let start = BigInt(parts[0]?.[2] ?? 0);
  let end = 0n;
  let first = parts[0] as SummaryValues;
  for (const part of parts) {
    if (BigInt(part[2]) < start) start = BigInt(part[2]);
    if (BigInt(part[3]) > end) end = BigInt(part[3]);
    if (isBefore(part[6], first[6])) first = part;
  }
  const services = parts
    .map((part) => ({ service: part[1], spans: Number(part[4]), errors: Number(part[5]) }))
    .sort((a, b) => b.spans - a.spans || (a.service < b.service ? -1 : 1));
  return {
    traceId,
    timestamp: instantText(start),
    duration: String(end - start),
    service: first[1],
    name: first[6][2],
    spans: services.reduce((sum, { spans }) => sum + spans, 0),
    errors: services.reduce((sum, { errors }) => sum + errors, 0),
    services,
    match: { spanId, service, name, duration },
  };
}

/** A root comes before spans that have one above them, then the earlier. */
function isBefore(one: SummaryValues[6], other: SummaryValues[6]): boolean {
  if (Boolean(one[0]) !== Boolean(other[0])) return !one[0];
  return BigInt(one[1]) < BigInt(other[1]);
}
