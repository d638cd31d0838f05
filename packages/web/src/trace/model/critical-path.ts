/** A stretch of a span during which nothing else kept the trace from being finished. */
export interface PathSegment {
  readonly start: number;
  readonly end: number;
}

interface TimedSpan {
  readonly start: number;
  readonly end: number;
  readonly depth: number;
  readonly children: readonly number[];
}

/**
 * The critical path: walking back from the end of the longest root, the child that ended last is what its parent
 * waited for; what no child accounts for is the parent's own time. Making anything else faster does not make the
 * trace shorter.
 *
 * Children that outlive their parent (work that goes on after the answer) count up to where the walk stands.
 *
 * @returns for each span on the path, its stretches in order of time
 */
export function criticalPath(spans: readonly TimedSpan[]): ReadonlyMap<number, readonly PathSegment[]> {
  const path = new Map<number, PathSegment[]>();
  let root = -1;
  spans.forEach((span, index) => {
    const longest = spans[root];
    if (span.depth === 0 && (!longest || span.end - span.start > longest.end - longest.start)) root = index;
  });
  const start = spans[root];
  if (!start) return path;

  const add = (index: number, from: number, to: number) => {
    if (to <= from) return;
    const segments = path.get(index);
    if (segments) segments.push({ start: from, end: to });
    else path.set(index, [{ start: from, end: to }]);
  };

  // A stack of frames rather than recursion: a trace may be thousands of spans deep.
  const frames = [{ index: root, at: start.end, rest: byEnd(spans, start) }];
  while (frames.length > 0) {
    const frame = frames.at(-1) as (typeof frames)[number];
    const span = spans[frame.index] as TimedSpan;
    const childIndex = frame.rest.pop();
    const child = childIndex === undefined ? undefined : spans[childIndex];
    if (childIndex === undefined || !child) {
      add(frame.index, span.start, frame.at);
      frames.pop();
      continue;
    }
    const end = Math.min(child.end, frame.at);
    if (child.start >= frame.at || end <= span.start) continue;
    add(frame.index, end, frame.at);
    frame.at = Math.max(span.start, child.start);
    frames.push({ index: childIndex, at: end, rest: byEnd(spans, child) });
  }
  // The walk goes back in time.
  for (const segments of path.values()) segments.reverse();
  return path;
}

function byEnd(spans: readonly TimedSpan[], span: TimedSpan): number[] {
  return [...span.children].sort((a, b) => (spans[a]?.end ?? 0) - (spans[b]?.end ?? 0));
}
