import type { EncodedRecords, Records } from "../../record/encoded-records.ts";
import { ALL_STORED, type Intake, type Stored } from "../../record/intake.ts";
import type { LogRecord, SpanRecord } from "../../record/record.ts";
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

/** A request that is decoded and not yet committed. */
export interface Batch {
  readonly accepted: number;
  readonly rejected: number;
  /** For the sender's developer; empty when all is well. */
  readonly message: string;
  /** Resolves when the store has committed the records. */
  commit(intake: Intake, bytes: number): Promise<Stored>;
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
  /** Commits records that were encoded on another thread. */
  readonly write: (intake: Intake, records: EncodedRecords, bytes: number) => Promise<Stored>;
}

const logs: Signal = {
  httpPath: "/v1/logs",
  grpcPath: "/opentelemetry.proto.collector.logs.v1.LogsService/Export",
  rejectedField: "rejectedLogRecords",
  rejectionReason: "malformed",
  decode: {
    protobuf: (bytes, now) => batchOf(decodeLogs(bytes, now), writeLogs),
    json: (bytes, now) => batchOf(decodeJsonLogs(bytes, now), writeLogs),
  },
  write: writeLogs,
};

const traces: Signal = {
  httpPath: "/v1/traces",
  grpcPath: "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
  rejectedField: "rejectedSpans",
  rejectionReason: "malformed",
  decode: {
    protobuf: (bytes, now) => batchOf(decodeTraces(bytes, now), writeSpans),
    json: (bytes, now) => batchOf(decodeJsonTraces(bytes, now), writeSpans),
  },
  write: writeSpans,
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
  write: async () => ALL_STORED,
};

export const SIGNALS: readonly Signal[] = [logs, traces, metrics];

type Write<R> = (intake: Intake, records: Records<R>, bytes: number) => Promise<Stored>;

function writeLogs(intake: Intake, records: Records<LogRecord>, bytes: number): Promise<Stored> {
  return intake.writeLogs(records, bytes, RECEIVER);
}

function writeSpans(intake: Intake, records: Records<SpanRecord>, bytes: number): Promise<Stored> {
  return intake.writeSpans(records, bytes, RECEIVER);
}

function batchOf<R>({ records, rejected, message }: Decoded<R>, write: Write<R>): Batch {
  return {
    accepted: records.length,
    rejected,
    message,
    commit: async (intake, bytes) => (records.length > 0 ? write(intake, records, bytes) : ALL_STORED),
  };
}

function refusedMetrics(dataPoints: number): Batch {
  return {
    accepted: 0,
    rejected: dataPoints,
    message:
      dataPoints === 0
        ? ""
        : "Polylog keeps logs and traces, not metrics. OTEL_METRICS_EXPORTER=none stops them.",
    commit: async () => ALL_STORED,
  };
}
