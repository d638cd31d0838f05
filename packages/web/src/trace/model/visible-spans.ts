import type { TraceSpan } from "./trace-model.ts";

/** Places of the spans that show when some are folded: no descendant of a folded one. */
export function visibleSpans(spans: readonly TraceSpan[], folded: ReadonlySet<string>): readonly number[] {
  const places: number[] = [];
  for (let place = 0; place < spans.length; place++) {
    const one = spans[place];
    if (!one) break;
    places.push(place);
    if (folded.has(one.span.spanId)) place += one.descendants;
  }
  return places;
}

/** Whether a span has the text in its name, service, kind, id, attributes or events, in any case. */
export function spanMatches({ span }: TraceSpan, text: string): boolean {
  const wanted = text.toLowerCase();
  const has = (value: string) => value.toLowerCase().includes(wanted);
  const hasPair = ([name, value]: readonly [string, string]) =>
    has(name) || has(value) || has(`${name}=${value}`);
  return (
    has(span.name) ||
    has(span.service) ||
    has(span.spanId) ||
    has(span.statusMessage) ||
    Object.entries(span.attributes).some(hasPair) ||
    span.events.some((event) => has(event.name) || Object.entries(event.attributes).some(hasPair))
  );
}
