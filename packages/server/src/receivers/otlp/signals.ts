import { PolylogError } from "../../errors.ts";
import type { LogRecord, SpanRecord } from "../../record/record.ts";
import type { DecodedRecords } from "../decoded-records.ts";
import type { Decoded } from "./decoded.ts";
import { decodeJsonLogs } from "./json/logs.ts";
import { countJsonDataPoints } from "./json/metrics.ts";
import { decodeJsonTraces } from "./json/traces.ts";
import { decodeLogs } from "./protobuf/logs.ts";
import { countDataPoints } from "./protobuf/metrics.ts";
import { decodeTraces } from "./protobuf/traces.ts";

/** The name under which OTLP's records are kept and counted. */
export const RECEIVER = "otlp";

export type Encoding = "protobuf" | "json";

/** What is to be told of a request. */
export interface Outcome {
  readonly rejected: number;
  /** For the sender's developer; empty when all is well. */
  readonly message: string;
}

/** The records of a request: of one kind, or none. */
interface Batch extends Outcome {
  readonly logs: readonly LogRecord[];
  readonly spans: readonly SpanRecord[];
}

/** One of OTLP's kinds of telemetry, and all in which they differ. */
export interface Signal {
  readonly httpPath: string;
  readonly grpcPath: string;
  /** What the count of rejected records is called in `partialSuccess`. */
  readonly rejectedField: string;
  /** Why records of it are rejected, for the counters. */
  readonly rejectionReason: string;
  /** @throws PolylogError `POLYLOG_E_BAD_REQUEST`, `POLYLOG_E_TOO_LARGE` */
  readonly decode: Readonly<Record<Encoding, (bytes: Buffer, now: bigint) => Batch>>;
}

const logs: Signal = {
  httpPath: "/v1/logs",
  grpcPath: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  rejectedField: "rejectedLogRecords",
  rejectionReason: "malformed",
  decode: {
    protobuf: (bytes, now) => batchOfLogs(decodeLogs(bytes, now)),
    json: (bytes, now) => batchOfLogs(decodeJsonLogs(bytes, now)),
  },
};

const traces: Signal = {
  httpPath: "/v1/traces",
  grpcPath: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  rejectedField: "rejectedSpans",
  rejectionReason: "malformed",
  decode: {
    protobuf: (bytes, now) => batchOfSpans(decodeTraces(bytes, now)),
    json: (bytes, now) => batchOfSpans(decodeJsonTraces(bytes, now)),
  },
};

/**
 * SDKs and agents export metrics unless told not to, and would report an error every few seconds to people who
 * never asked for them. So metrics are answered, honestly, as rejected in part.
 */
const metrics: Signal = {
  httpPath: "/v1/metrics",
  grpcPath: "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
  rejectedField: "rejectedDataPoints",
  rejectionReason: "metrics_not_stored",
  decode: {
    protobuf: (bytes) => refusedMetrics(countDataPoints(bytes)),
    json: (bytes) => refusedMetrics(countJsonDataPoints(bytes)),
  },
};

export const SIGNALS: readonly Signal[] = [logs, traces, metrics];

/** Which request of OTLP's it is, and how it is written. */
interface OtlpForm {
  /** Of the signal. */
  readonly path: string;
  readonly encoding: Encoding;
  /** Nanoseconds since 1970. */
  readonly now: bigint;
}

/** A request of any signal, one record after the other. */
export function* decodeOtlp(body: Buffer, { path, encoding, now }: OtlpForm): DecodedRecords<Outcome> {
  const signal = SIGNALS.find(({ httpPath }) => httpPath === path);
  if (signal === undefined) throw new PolylogError("POLYLOG_E_INTERNAL", `There is no signal ${path}.`);
  const { logs, spans, rejected, message } = signal.decode[encoding](body, now);
  yield* logs;
  yield* spans;
  return { rejected, message };
}

function batchOfLogs({ records, rejected, message }: Decoded<LogRecord>): Batch {
  return { logs: records, spans: [], rejected, message };
}

function batchOfSpans({ records, rejected, message }: Decoded<SpanRecord>): Batch {
  return { logs: [], spans: records, rejected, message };
}

function refusedMetrics(dataPoints: number): Batch {
  const message =
    dataPoints === 0
      ? ""
      : "Polylog keeps logs and traces, not metrics. OTEL_METRICS_EXPORTER=none stops them.";
  return { logs: [], spans: [], rejected: dataPoints, message };
}
