import type { Attributes, SpanRecord } from "../../record/record.ts";
import { resourceOf } from "../../record/resource.ts";
import { spanRecord } from "../../store/testing/records.ts";
import { before } from "./api.ts";

/** What tells one test span from another. */
export interface Call {
  readonly trace: string;
  /** The last digits of its id. */
  readonly id: string;
  /** Those of the span above it. */
  readonly above?: string;
  /** When it began: milliseconds before now. */
  readonly ago: number;
  readonly ms: number;
  readonly service: string;
  readonly name: string;
  readonly kind?: SpanRecord["kind"];
  readonly isFailed?: boolean;
  readonly attributes?: Attributes;
}

/** A span as a service would send it. One that failed has an exception at its begin. */
export function call({
  trace,
  id,
  above,
  ago,
  ms,
  service,
  name,
  kind = "Server",
  ...rest
}: Call): SpanRecord {
  const isFailed = rest.isFailed ?? false;
  return spanRecord({
    traceId: trace,
    spanId: id.padStart(16, "0"),
    parentSpanId: above === undefined ? "" : above.padStart(16, "0"),
    timestamp: before(ago),
    endTimestamp: before(ago) + BigInt(ms) * 1_000_000n,
    name,
    kind,
    statusCode: isFailed ? "Error" : "Unset",
    statusMessage: isFailed ? `${name} failed` : "",
    resource: resourceOf(["service.name", service, "host.name", "node-1"]),
    attributes: rest.attributes ?? [],
    events: isFailed
      ? [{ timestamp: before(ago), name: "exception", attributes: ["exception.type", "Declined"] }]
      : [],
  });
}
