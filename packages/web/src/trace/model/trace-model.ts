import type { LogRow, SpanRow } from "@polylog/server/contract";
import { nanosecondsOf } from "../../time/format.ts";
import { criticalPath, type PathSegment } from "./critical-path.ts";

/** A span in the order of the waterfall. Times are nanoseconds since the start of the trace. */
export interface TraceSpan {
  readonly span: SpanRow;
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
  readonly logs: readonly TraceLog[];
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

/** Depth is drawn up to here; a trace of a runaway recursion is not indented off the screen. */
const DEEPEST = 60;

/**
 * Lays out a trace: parents before children, children by start. Whatever the ids say, every span appears exactly
 * once: one whose parent is missing becomes a root, and so does one of a ring of parents.
 */
export function traceModel(spans: readonly SpanRow[], logs: readonly LogRow[]): TraceModel {
  const timed = spans.map((span) => {
    const start = nanosecondsOf(span.timestamp);
    return { span, start, end: start + BigInt(/^\d{1,18}$/.test(span.duration) ? span.duration : "0") };
  });
  const logTimes = logs.map((row) => ({ row, at: nanosecondsOf(row.timestamp) }));
  const first = least([
    ...timed.map(({ start }) => start),
    ...(timed.length === 0 ? logTimes.map(({ at }) => at) : []),
  ]);
  let last = first;
  for (const { end } of timed) if (end > last) last = end;

  const idOf = new Map<string, number>();
  timed.forEach(({ span }, index) => {
    if (!idOf.has(span.spanId)) idOf.set(span.spanId, index);
  });
  const childrenOf = new Map<number, number[]>();
  const roots: number[] = [];
  timed.forEach(({ span }, index) => {
    const parent = span.parentSpanId === "" ? undefined : idOf.get(span.parentSpanId);
    if (parent === undefined || parent === index) roots.push(index);
    else {
      const siblings = childrenOf.get(parent);
      if (siblings) siblings.push(index);
      else childrenOf.set(parent, [index]);
    }
  });
  const byStart = (a: number, b: number) => {
    const [left, right] = [timed[a], timed[b]];
    if (!left || !right || left.start === right.start) return a - b;
    return left.start < right.start ? -1 : 1;
  };
  for (const siblings of childrenOf.values()) siblings.sort(byStart);

  const logsOf = new Map<string, TraceLog[]>();
  const looseLogs: TraceLog[] = [];
  for (const { row, at } of logTimes) {
    const log = { row, at: Number(at - first) };
    if (row.spanId === "" || !idOf.has(row.spanId)) looseLogs.push(log);
    else logsOf.set(row.spanId, [...(logsOf.get(row.spanId) ?? []), log]);
  }

  const ordered: { -readonly [Name in keyof TraceSpan]: TraceSpan[Name] }[] = [];
  const seen = new Set<number>();
  const visitFrom = (root: number, isRingCut: boolean) => {
    const stack = [{ index: root, depth: 0, parent: -1 }];
    while (stack.length > 0) {
      const next = stack.pop();
      const one = next && timed[next.index];
      if (!next || !one || seen.has(next.index)) continue;
      seen.add(next.index);
      const place = ordered.length;
      ordered.push({
        span: one.span,
        start: Number(one.start - first),
        end: Number(one.end - first),
        depth: Math.min(next.depth, DEEPEST),
        children: [],
        descendants: 0,
        isOrphan: next.parent < 0 && (isRingCut || one.span.parentSpanId !== ""),
        hasError: one.span.statusCode === "Error",
        logs: idOf.get(one.span.spanId) === next.index ? (logsOf.get(one.span.spanId) ?? []) : [],
      });
      const parent = ordered[next.parent];
      if (parent) parent.children = [...parent.children, place];
      const children = childrenOf.get(next.index) ?? [];
      for (let at = children.length - 1; at >= 0; at--) {
        stack.push({ index: children[at] as number, depth: next.depth + 1, parent: place });
      }
    }
  };
  for (const root of roots.sort(byStart)) visitFrom(root, false);
  timed.forEach((_, index) => {
    if (!seen.has(index)) visitFrom(index, true);
  });
  for (let place = ordered.length - 1; place >= 0; place--) {
    const one = ordered[place];
    if (one)
      one.descendants = one.children.reduce((sum, child) => sum + 1 + (ordered[child]?.descendants ?? 0), 0);
  }

  return {
    spans: ordered,
    start: first,
    duration: Math.max(1, Number(last - first)),
    services: [...new Set(ordered.map(({ span }) => span.service))],
    critical: criticalPath(ordered),
    looseLogs,
    errors: ordered.filter(({ hasError }) => hasError).length,
  };
}

function least(values: readonly bigint[]): bigint {
  return (
    values.reduce<bigint | undefined>(
      (low, value) => (low === undefined || value < low ? value : low),
      undefined,
    ) ?? 0n
  );
}
