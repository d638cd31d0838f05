import type { SpanRow } from "../../contract/index.ts";
import { instantNanoseconds } from "../../query/index.ts";
import type { JaegerSpan, JaegerTrace, KeyValue } from "./schema.ts";

/** Spans as Jaeger's traces, one for each trace id, in the order in which they appear. */
export function jaegerTraces(spans: readonly SpanRow[], warnings: readonly string[] = []): JaegerTrace[] {
  const byTrace = new Map<string, SpanRow[]>();
  for (const span of spans) {
    const known = byTrace.get(span.traceId);
    if (known === undefined) byTrace.set(span.traceId, [span]);
    else known.push(span);
  }
  return [...byTrace].map(([traceID, own]) => jaegerTrace(traceID, own, warnings));
}

function jaegerTrace(traceID: string, spans: readonly SpanRow[], warnings: readonly string[]): JaegerTrace {
  const processes = new Map<string, { id: string; serviceName: string; tags: KeyValue[] }>();
  const jaegerSpans = spans.map((span) => {
    const key = JSON.stringify([span.service, span.resource]);
    let process = processes.get(key);
    if (process === undefined) {
      const { "service.name": _, ...rest } = span.resource;
      process = { id: `p${processes.size + 1}`, serviceName: span.service, tags: texts(rest) };
      processes.set(key, process);
    }
    return jaegerSpan(span, process.id);
  });
  return {
    traceID,
    spans: jaegerSpans,
    processes: Object.fromEntries(
      [...processes.values()].map(({ id, ...process }) => [id, process] as const),
    ),
    warnings: warnings.length === 0 ? null : [...warnings],
  };
}

function jaegerSpan(span: SpanRow, processID: string): JaegerSpan {
  const { traceId, spanId, parentSpanId } = span;
  return {
    traceID: traceId,
    spanID: spanId,
    flags: 1,
    operationName: span.name,
    references: [
      ...(parentSpanId === ""
        ? []
        : [{ refType: "CHILD_OF" as const, traceID: traceId, spanID: parentSpanId }]),
      ...span.links.map((link) => ({
        refType: "FOLLOWS_FROM" as const,
        traceID: link.traceId,
        spanID: link.spanId,
      })),
    ],
    startTime: microseconds(instantNanoseconds(span.timestamp)),
    duration: microseconds(BigInt(span.duration)),
    tags: tagsOf(span),
    logs: span.events.map(({ timestamp, name, attributes }) => ({
      timestamp: microseconds(instantNanoseconds(timestamp)),
      fields: [text("event", name), ...texts(attributes)],
    })),
    processID,
    warnings: null,
  };
}

/**
 * Attributes, and what Jaeger has no field for under the names that its collector gives it.
 * Source: OpenTelemetry specification, "OpenTelemetry to Jaeger transformation".
 */
function tagsOf(span: SpanRow): KeyValue[] {
  const tags = texts(span.attributes);
  if (span.kind !== "" && span.kind !== "Unspecified") tags.push(text("span.kind", span.kind.toLowerCase()));
  if (span.statusCode !== "Unset") tags.push(text("otel.status_code", span.statusCode.toUpperCase()));
  if (span.statusMessage !== "") tags.push(text("otel.status_description", span.statusMessage));
  if (span.statusCode === "Error") tags.push({ key: "error", type: "bool", value: true });
  if (span.scope !== "") tags.push(text("otel.scope.name", span.scope));
  return tags;
}

function text(key: string, value: string): KeyValue {
  return { key, type: "string", value };
}

function texts(attributes: Readonly<Record<string, string>>): KeyValue[] {
  return Object.entries(attributes).map(([key, value]) => text(key, value));
}

/** 2255 in microseconds is below what a number holds exactly. */
function microseconds(nanoseconds: bigint | undefined): number {
  return Number((nanoseconds ?? 0n) / 1000n);
}
