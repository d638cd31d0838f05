import type { Problems } from "../../problems.ts";

/** What the variables of OpenTelemetry's specification say of logs over HTTP. Times are in milliseconds. */
export interface OtlpEnvironment {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly isCompressed: boolean | undefined;
  readonly timeout: number | undefined;
  readonly serviceName: string | undefined;
  readonly resource: Readonly<Record<string, string>>;
  readonly flushInterval: number | undefined;
  readonly maxQueueSize: number | undefined;
  readonly maxBatchSize: number | undefined;
}

export type Variables = Readonly<Record<string, string | undefined>>;

/**
 * Reads `OTEL_EXPORTER_OTLP_*`, where one that is for logs goes before one that is for all, `OTEL_SERVICE_NAME`,
 * `OTEL_RESOURCE_ATTRIBUTES` and `OTEL_BLRP_*`. What is malformed is told and counts as not there.
 */
export function otlpEnvironment(variables: Variables, problems: Problems): OtlpEnvironment {
  /** An empty variable is none, says the specification. */
  const text = (name: string): string | undefined => variables[name]?.trim() || undefined;
  const malformed = (name: string, wanted: string): undefined => {
    problems.tell("POLYLOG_E_CONFIG", name, `${name} is left aside: it should be ${wanted}`);
  };
  const count = (name: string): number | undefined => {
    const value = text(name);
    if (value === undefined || /^[1-9]\d{0,8}$/.test(value))
      return value === undefined ? undefined : Number(value);
    return malformed(name, "a whole number above 0");
  };
  const pairs = (name: string): Record<string, string> =>
    parsePairs(text(name) ?? "") ?? malformed(name, "key=value,key=value, percent-encoded") ?? {};
  /** The name of the variable that counts: the one for logs, if it is set. */
  const ofLogs = (name: string): string => {
    const special = `OTEL_EXPORTER_OTLP_LOGS_${name}`;
    return text(special) === undefined ? `OTEL_EXPORTER_OTLP_${name}` : special;
  };

  const protocol = text(ofLogs("PROTOCOL"));
  if (protocol !== undefined && protocol !== "http/json")
    malformed(ofLogs("PROTOCOL"), "http/json, which is what is sent");
  const compression = text(ofLogs("COMPRESSION"));
  if (compression !== undefined && compression !== "gzip" && compression !== "none") {
    malformed(ofLogs("COMPRESSION"), "gzip or none");
  }
  const base = text("OTEL_EXPORTER_OTLP_ENDPOINT") ?? "http://localhost:4318";
  return {
    url: text("OTEL_EXPORTER_OTLP_LOGS_ENDPOINT") ?? `${base.replace(/\/+$/, "")}/v1/logs`,
    headers: pairs(ofLogs("HEADERS")),
    isCompressed: compression === undefined ? undefined : compression === "gzip",
    timeout: count(ofLogs("TIMEOUT")),
    serviceName: text("OTEL_SERVICE_NAME"),
    resource: pairs("OTEL_RESOURCE_ATTRIBUTES"),
    flushInterval: count("OTEL_BLRP_SCHEDULE_DELAY"),
    maxQueueSize: count("OTEL_BLRP_MAX_QUEUE_SIZE"),
    maxBatchSize: count("OTEL_BLRP_MAX_EXPORT_BATCH_SIZE"),
  };
}

/** `a=b,c=d` as W3C Baggage writes it; `undefined` when it is anything else. */
function parsePairs(text: string): Record<string, string> | undefined {
  const pairs: [string, string][] = [];
  for (const part of text.split(",")) {
    if (part.trim() === "") continue;
    const at = part.indexOf("=");
    if (at < 1) return undefined;
    try {
      pairs.push([
        decodeURIComponent(part.slice(0, at).trim()),
        decodeURIComponent(part.slice(at + 1).trim()),
      ]);
    } catch {
      return undefined;
    }
  }
  return Object.fromEntries(pairs);
}
