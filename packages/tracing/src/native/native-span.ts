import { type Attributes, type HrTime, SpanKind, SpanStatusCode } from "@opentelemetry/api";
import { hrTimeDuration } from "@opentelemetry/core";
import { type Resource, resourceFromAttributes } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";

/** A span that native code has made and closed, as `polylog/native` hands it over. */
export interface NativeSpan {
  readonly name: string;
  readonly logger: string;
  readonly system: string;
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId: string;
  readonly traceFlags: number;
  readonly start: HrTime;
  readonly end: HrTime;
  readonly kind: "internal" | "server" | "client" | "producer" | "consumer";
  readonly status: { readonly code: "unset" | "ok" | "error"; readonly message?: string };
  readonly attributes: Attributes;
}

const KINDS = {
  internal: SpanKind.INTERNAL,
  server: SpanKind.SERVER,
  client: SpanKind.CLIENT,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
} as const;

const CODES = { unset: SpanStatusCode.UNSET, ok: SpanStatusCode.OK, error: SpanStatusCode.ERROR } as const;

/**
 * Makes native spans what span processors take. Not by a tracer: they have their ids and their times, and their trace has been
 * chosen already.
 *
 * @param resource of the process; each runtime in it gets one of its own, which names its language
 */
export function createSpanReader(resource: Resource): (span: NativeSpan) => ReadableSpan {
  const resources = new Map<string, Resource>();
  const resourceOf = (system: string): Resource => {
    let made = resources.get(system);
    if (made === undefined) {
      made = resource.merge(resourceFromAttributes({ "telemetry.sdk.language": system }));
      resources.set(system, made);
    }
    return made;
  };

  return ({ traceId, spanId, parentSpanId, traceFlags, ...span }) => {
    const { code, message } = span.status;
    const context = { traceId, spanId, traceFlags };
    return {
      name: span.name,
      kind: KINDS[span.kind],
      spanContext: () => context,
      parentSpanContext: { traceId, spanId: parentSpanId, traceFlags },
      startTime: span.start,
      endTime: span.end,
      duration: hrTimeDuration(span.start, span.end),
      ended: true,
      status: { code: CODES[code], ...(message !== undefined && { message }) },
      attributes: span.attributes,
      links: [],
      events: [],
      resource: resourceOf(span.system),
      instrumentationScope: { name: span.logger },
      droppedAttributesCount: 0,
      droppedEventsCount: 0,
      droppedLinksCount: 0,
    };
  };
}
