import type { SpanRow } from "@polylog/server/contract";
import type { TraceSpan } from "./trace-model.ts";

/**
 * Places of the spans that show when some are folded: no descendant of a folded one.
 *
 * @param folded keys
 */
export function visibleSpans(spans: readonly TraceSpan[], folded: ReadonlySet<string>): readonly number[] {
  const places: number[] = [];
  for (let place = 0; place < spans.length; place++) {
    const one = spans[place];
    if (!one) break;
    places.push(place);
    if (folded.has(one.key)) place += one.descendants;
  }
  return places;
}

/**
 * Whether a span has the text in its name, service, id, message or events, or, as far as they are there, in its
 * details, in any case.
 */
export function spanMatches(one: TraceSpan, text: string, details: SpanRow | undefined): boolean {
  const wanted = text.toLowerCase();
  const has = (value: string) => value.toLowerCase().includes(wanted);
  const hasPair = ([name, value]: readonly [string, string]) =>
    has(name) || has(value) || has(`${name}=${value}`);
  return (
    has(one.name) ||
    has(one.service) ||
    has(one.id) ||
    has(one.message) ||
    one.events.some(({ name }) => has(name)) ||
    (details !== undefined &&
      (has(details.statusMessage) ||
        Object.entries(details.attributes).some(hasPair) ||
        details.events.some((event) => Object.entries(event.attributes).some(hasPair))))
  );
}
