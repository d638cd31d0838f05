import { PolylogError } from "../../errors.ts";
import type { Problems } from "../../problems.ts";
import { createDelivery } from "../delivery/delivery.ts";
import { checkedEndpoint } from "../delivery/endpoint.ts";
import type { RecordSink } from "../sink.ts";
import { sinkProblems } from "../sink-problems.ts";
import { otlpEnvironment, type Variables } from "./environment.ts";
import { logRecordOf } from "./log-record.ts";
import { otlpProtocol } from "./protocol.ts";
import { createResources } from "./resource.ts";

/** Where an OTLP sink sends, and how; what is not given comes from OpenTelemetry's variables. Times are in milliseconds. */
export interface OtlpSinkOptions {
  /** Whole address of the logs' endpoint. @defaultValue of `OTEL_EXPORTER_OTLP_*`, or `http://localhost:4318/v1/logs` */
  readonly url?: string | undefined;
  /** Such as `{ authorization: "Bearer …" }`. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** @defaultValue `OTEL_SERVICE_NAME`, or the application's name, or `unknown_service:node` */
  readonly serviceName?: string | undefined;
  /** Further attributes of the resource, such as `{ "deployment.environment.name": "staging" }`. */
  readonly resource?: Readonly<Record<string, unknown>> | undefined;
  /** What is spoken; there is no other so far. */
  readonly protocol?: "http/json" | undefined;
  /** @defaultValue `none` */
  readonly compression?: "gzip" | "none" | undefined;
  /** How long records wait for others to go with them. @defaultValue 1000 */
  readonly flushInterval?: number | undefined;
  /** Records that may wait; beyond it the oldest are dropped and counted. @defaultValue 2048 */
  readonly maxQueueSize?: number | undefined;
  /** Records in a request. @defaultValue 512 */
  readonly maxBatchSize?: number | undefined;
  /** Further tries of a request when the server can't be reached or says 429, 502, 503 or 504. @defaultValue 5 */
  readonly retries?: number | undefined;
  /** How long an answer may take. @defaultValue 10000 */
  readonly timeout?: number | undefined;
  /** How long `flush` and `close` wait for a server that takes nothing. @defaultValue 10000 */
  readonly flushTimeout?: number | undefined;
  /** How long the end of the process may be held up to bring out the last records; 0 drops them. @defaultValue 5000 */
  readonly exitTimeout?: number | undefined;
  /** Not used for what is sent at the very end: that is done by another process. @defaultValue the global one */
  readonly fetch?: typeof fetch | undefined;
  readonly problems?: Problems | undefined;
  /** @defaultValue the environment of the process */
  readonly variables?: Variables | undefined;
}

/**
 * Sends records to an OpenTelemetry collector, or whatever else takes OTLP over HTTP, as JSON. Batches, tries again
 * and ends as {@link httpSink} does; records that the server rejects of a batch are counted.
 *
 * @throws PolylogError `POLYLOG_E_ENDPOINT` for an address that can't be used, `POLYLOG_E_CONFIG` for bad headers
 * @example
 * configure({ sinks: { otlp: otlpSink({ url: "http://collector:4318/v1/logs", serviceName: "checkout" }) } });
 */
export function otlpSink(options: OtlpSinkOptions = {}): RecordSink {
  const problems = sinkProblems(options.problems);
  const environment = otlpEnvironment(options.variables ?? globalThis.process?.env ?? {}, problems);
  const url = checkedEndpoint("otlpSink", options.url ?? environment.url, true).href;
  const headers = checkedHeaders({
    ...environment.headers,
    ...options.headers,
    "content-type": "application/json",
  });
  const resourceOf = createResources({
    serviceName: options.serviceName ?? environment.serviceName,
    attributes: { ...environment.resource, ...options.resource },
  });
  const delivery = createDelivery(
    "otlpSink",
    otlpProtocol(url, headers),
    {
      maxQueueSize: options.maxQueueSize ?? environment.maxQueueSize ?? 2_048,
      maxBatchSize: options.maxBatchSize ?? environment.maxBatchSize ?? 512,
      flushInterval: options.flushInterval ?? environment.flushInterval ?? 1_000,
      retries: options.retries ?? 5,
      timeout: options.timeout ?? environment.timeout ?? 10_000,
      flushTimeout: options.flushTimeout ?? 10_000,
      exitTimeout: options.exitTimeout ?? 5_000,
      isCompressed:
        options.compression === undefined
          ? (environment.isCompressed ?? false)
          : options.compression === "gzip",
      parallel: 1,
    },
    { fetch: options.fetch ?? globalThis.fetch, random: Math.random, problems },
  );
  return {
    writeRecord(record) {
      delivery.push({
        resource: resourceOf(record),
        scope: record.logger,
        text: logRecordOf(record, Date.now()),
      });
    },
    flush: delivery.flush,
    flushSync: delivery.flushSync,
    close: delivery.close,
    get dropped() {
      return delivery.dropped;
    },
  };
}

function checkedHeaders(headers: Record<string, string>): Record<string, string> {
  try {
    return Object.fromEntries(new Headers(headers));
  } catch (cause) {
    throw new PolylogError(
      "POLYLOG_E_CONFIG",
      "otlpSink: a header has a name or value that HTTP can't carry",
      {
        cause,
        remedy: "Look for line breaks and blanks in headers and OTEL_EXPORTER_OTLP_HEADERS.",
      },
    );
  }
}
