import type { LogRow, OutlineResponse, SpanRow } from "@polylog/server/contract";
import { nanosecondsOf } from "../src/time/format.ts";

/** What the server outlines of these spans; it sends them by time. */
export function outlineOf(rows: readonly SpanRow[], logs: readonly LogRow[] = []): OutlineResponse {
  const spans = rows.toSorted((a, b) => Number(nanosecondsOf(a.timestamp) - nanosecondsOf(b.timestamp)));
  const start = nanosecondsOf(spans[0]?.timestamp ?? "1970-01-01T00:00:00Z");
  const since = (timestamp: string) => Number(nanosecondsOf(timestamp) - start);
  const texts = [...new Set(spans.flatMap(({ service, name, kind }) => [service, name, kind]))];
  const place = new Map(texts.map((text, index) => [text, index]));
  return {
    traceId: spans[0]?.traceId ?? "",
    start: { milliseconds: Number(start / 1_000_000n), nanoseconds: Number(start % 1_000_000n) },
    texts,
    ids: spans.map(({ spanId }) => spanId),
    parents: spans.map(({ parentSpanId }) => parentSpanId),
    starts: spans.map(({ timestamp }) => since(timestamp)),
    durations: spans.map(({ duration }) => Number(duration)),
    services: spans.map(({ service }) => place.get(service) ?? 0),
    names: spans.map(({ name }) => place.get(name) ?? 0),
    kinds: spans.map(({ kind }) => place.get(kind) ?? 0),
    errors: spans.flatMap(({ statusCode, statusMessage }, span) =>
      statusCode === "Error" ? [{ span, message: statusMessage }] : [],
    ),
    events: spans.flatMap(({ events }, span) =>
      events.map(({ timestamp, name }) => ({ span, at: since(timestamp), name })),
    ),
    logs: [...logs],
    partial: false,
    statistics: { elapsedMs: 1, rowsRead: spans.length, bytesRead: 1 },
  };
}
