import type { LogRow, OutlineResponse } from "@polylog/server/contract";
import { spanKeys } from "../../api/span-key.ts";
import { nanosecondsOf } from "../../time/format.ts";
import { criticalPath, type PathSegment } from "./critical-path.ts";
import { type Place, spanOrder } from "./span-order.ts";

/** A span in the order of the waterfall. Times are nanoseconds since the start of the trace. */
export interface TraceSpan {
  readonly id: string;
  /** Tells it from others of the same id, see {@link spanKeys}. */
  readonly key: string;
  readonly name: string;
  readonly service: string;
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  /** Places of the children in {@link TraceModel.spans}, by start. */
  readonly children: readonly number[];
  /** Spans below this one, at any depth: what folding it hides. */
  readonly descendants: number;
  /** Its parent is not in the trace: it was sampled away, or has not arrived. */
  readonly isOrphan: boolean;
  readonly hasError: boolean;
  /** What its status says of the error. */
  readonly message: string;
  readonly events: readonly TraceEvent[];
  readonly logs: readonly TraceLog[];
}

interface TraceEvent {
  readonly name: string;
  readonly at: number;
}

export interface TraceLog {
  readonly row: LogRow;
  readonly at: number;
}

export interface TraceModel {
  readonly spans: readonly TraceSpan[];
  /** Start of the trace, nanoseconds since 1970. */
  readonly start: bigint;
  /** Length of the trace in nanoseconds. */
  readonly duration: number;
  /** Service names in the order in which they appear. */
  readonly services: readonly string[];
  readonly critical: ReadonlyMap<number, readonly PathSegment[]>;
  /** Logs of the trace that name no span of it. */
  readonly looseLogs: readonly TraceLog[];
  readonly errors: number;
}

/** What is outlined of a trace; the rest of the answer is of no use here. */
type Outline = Omit<OutlineResponse, "traceId" | "partial" | "statistics">;

/**
 * Lays out a trace: parents before children, children by start. Whatever the ids say, every span appears exactly
 * once: one whose parent is missing becomes a root, and so does one of a ring of parents.
 *
 * Hot: a trace may have 100,000 spans, and the page is to open within two seconds.
 */
export function traceModel(outline: Outline): TraceModel {
  const { ids, starts, durations, texts } = outline;
  const outlined = BigInt(outline.start.milliseconds) * 1_000_000n + BigInt(outline.start.nanoseconds);
  const logTimes = outline.logs.map((row) => ({ row, time: nanosecondsOf(row.timestamp) }));
  const start = ids.length > 0 ? outlined : earliest(logTimes.map(({ time }) => time));

  const errors = new Map(outline.errors.map(({ span, message }) => [span, message]));
  const events = groupBy(outline.events, ({ span }) => span);
  const { order, places } = spanOrder(outline);
  const keys = spanKeys(ids);
  const logs = groupBy(
    logTimes.map(({ row, time }) => ({ row, at: Number(time - start) })),
    ({ row }) => row.spanId,
  );

  // Logs are few where spans are many: only the ids that logs name are looked up.
  const withLogs = new Set<string>();
  let duration = 1;
  const spans = order.map((index, place): TraceSpan => {
    const id = ids[index] ?? "";
    const end = (starts[index] ?? 0) + (durations[index] ?? 0);
    if (end > duration) duration = end;
    // Twins share an id: the logs of both are shown once.
    const own = withLogs.has(id) ? undefined : logs.get(id);
    if (own !== undefined) withLogs.add(id);
    const { depth, children, descendants, isOrphan } = places[place] as Place;
    return {
      id,
      key: keys[index] ?? id,
      name: texts[outline.names[index] ?? -1] ?? "",
      service: texts[outline.services[index] ?? -1] ?? "",
      kind: texts[outline.kinds[index] ?? -1] ?? "",
      start: starts[index] ?? 0,
      end,
      depth,
      children,
      descendants,
      isOrphan,
      hasError: errors.has(index),
      message: errors.get(index) ?? "",
      events: events.get(index) ?? [],
      logs: own ?? [],
    };
  });
  return {
    spans,
    start,
    duration,
    services: [...new Set(spans.map(({ service }) => service))],
    critical: criticalPath(spans),
    looseLogs: [...logs].flatMap(([id, own]) => (withLogs.has(id) ? [] : own)),
    errors: errors.size,
  };
}

function groupBy<T, Key>(values: readonly T[], keyOf: (value: T) => Key): ReadonlyMap<Key, readonly T[]> {
  const groups = new Map<Key, T[]>();
  for (const value of values) {
    const group = groups.get(keyOf(value));
    if (group) group.push(value);
    else groups.set(keyOf(value), [value]);
  }
  return groups;
}

function earliest(times: readonly bigint[]): bigint {
  return times.reduce((least, time) => (time < least ? time : least), times[0] ?? 0n);
}
