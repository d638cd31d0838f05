import type { OutlineResponse } from "../../contract/index.ts";

/** Events of one span that are drawn. */
const MOST_EVENTS = 50;

/** The columns of a span in the order in which {@link outlineOf} takes them. */
export const OUTLINE_COLUMNS = [
  "SpanId",
  "ParentSpanId",
  "ServiceName",
  "SpanName",
  "SpanKind",
  "toUnixTimestamp64Nano(Timestamp)",
  "Duration",
  "StatusCode = 'Error'",
  "if(StatusCode = 'Error', StatusMessage, '')",
  `arrayMap(at -> toUnixTimestamp64Nano(at), arraySlice(\`Events.Timestamp\`, 1, ${MOST_EVENTS}))`,
  `arraySlice(\`Events.Name\`, 1, ${MOST_EVENTS})`,
].join(", ");

type OutlineValues = readonly [
  id: string,
  parent: string,
  service: string,
  name: string,
  kind: string,
  timestamp: string,
  duration: string,
  isError: number,
  message: string,
  eventTimes: readonly string[],
  eventNames: readonly string[],
];

type Outline = Omit<OutlineResponse, "traceId" | "logs" | "partial" | "statistics">;

/** Spans as columns. Hot: a trace may have 100,000. */
export function outlineOf(rows: readonly (readonly unknown[])[]): Outline {
  const spans = rows as readonly OutlineValues[];
  const start = BigInt(spans[0]?.[5] ?? 0);
  const texts = new Map<string, number>();
  const place = (text: string): number => {
    let known = texts.get(text);
    if (known === undefined) {
      known = texts.size;
      texts.set(text, known);
    }
    return known;
  };
  const since = (time: string): number => Number(BigInt(time) - start);
  const errors: Outline["errors"] = [];
  const events: Outline["events"] = [];
  spans.forEach((span, index) => {
    if (span[7]) errors.push({ span: index, message: span[8] });
    span[9].forEach((time, at) => {
      events.push({ span: index, at: since(time), name: span[10][at] ?? "" });
    });
  });
  return {
    start: { milliseconds: Number(start / 1_000_000n), nanoseconds: Number(start % 1_000_000n) },
    ids: spans.map((span) => span[0]),
    parents: spans.map((span) => span[1]),
    services: spans.map((span) => place(span[2])),
    names: spans.map((span) => place(span[3])),
    kinds: spans.map((span) => place(span[4])),
    starts: spans.map((span) => since(span[5])),
    durations: spans.map((span) => Number(span[6])),
    errors,
    events,
    texts: [...texts.keys()],
  };
}
