import type { Attributes, LogRecord } from "../../record/record.ts";
import { resourceOf, scopeOf } from "../../record/resource.ts";
import { severityOfWord } from "../../record/severity.ts";
import { logRecord } from "../../store/testing/records.ts";
import { before } from "./api.ts";

/** What tells one test record from another. */
export interface Line {
  /** Milliseconds before now. */
  readonly ago: number;
  readonly level?: string;
  readonly service?: string;
  readonly host?: string;
  readonly logger?: string;
  readonly body?: string;
  readonly traceId?: string;
  readonly attributes?: Attributes;
}

/** A record as a service would send it. */
export function line({
  ago,
  level = "info",
  service = "checkout",
  host = "node-1",
  ...rest
}: Line): LogRecord {
  return logRecord({
    timestamp: before(ago),
    observedTimestamp: before(ago),
    severityNumber: severityOfWord(level),
    severityText: level.toUpperCase(),
    body: rest.body ?? "request completed",
    traceId: rest.traceId ?? "",
    resource: resourceOf(["service.name", service, "host.name", host, "telemetry.sdk.language", "nodejs"]),
    scope: scopeOf(rest.logger ?? "http"),
    attributes: rest.attributes ?? [],
  });
}
