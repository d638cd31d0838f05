import type { StorageServicesResponse } from "../../contract/index.ts";
import { readStorage } from "../../store/storage/report.ts";
import { questionError } from "../engine-error.ts";
import type { ApiContext } from "../routes.ts";
import { addStatistics } from "../statistics.ts";

/** Services that are counted apart; a flood of made-up names must not fill the memory. */
const MAX_SERVICES = 10_000;

interface Source {
  readonly table: "otel_logs" | "otel_traces";
  /** What a row of it takes uncompressed, in SQL, near enough. */
  readonly size: string;
}

const LOGS: Source = {
  table: "otel_logs",
  size: "byteSize(Body, LogAttributes, ResourceAttributes, TraceId) + 40",
};
const SPANS: Source = {
  table: "otel_traces",
  size: "byteSize(SpanName, SpanAttributes, ResourceAttributes, TraceId, Events.Name, Events.Attributes) + 60",
};

/** Of each table's rows, one block in so many is looked at for its size. */
const SAMPLE = { of: 65_536, rows: 2048 };

/**
 * Bytes by service are no figure that the engine keeps: services share parts. Rows are counted exactly, which reads
 * one small column; their size is judged by every 32nd block.
 */
export async function servicesOnDisk(
  { ask, engine }: ApiContext,
  limit: number,
  signal: AbortSignal,
): Promise<StorageServicesResponse> {
  const begin = performance.now();
  const report = await readStorage(engine.nodes, signal).catch((error: unknown) => {
    throw questionError(error);
  });
  const tables = new Map(report.tables.map(({ name, bytes }) => [name, bytes]));
  const [logs, spans] = await Promise.all([countOf(LOGS), countOf(SPANS)]);

  const services = new Map<string, { service: string; logs: number; spans: number; bytes: number }>();
  for (const { kind, counted } of [
    { kind: "logs" as const, counted: logs },
    { kind: "spans" as const, counted: spans },
  ]) {
    for (const { service, rows, bytes } of counted.services) {
      const sum = services.get(service) ?? { service, logs: 0, spans: 0, bytes: 0 };
      sum[kind] += rows;
      sum.bytes += bytes;
      services.set(service, sum);
    }
  }
  const sorted = [...services.values()].sort((a, b) => b.bytes - a.bytes);
  const rest = sorted.slice(limit);
  const total = (read: (service: (typeof rest)[number]) => number): number =>
    rest.reduce((sum, service) => sum + read(service), 0);
  return {
    services: sorted.slice(0, limit),
    others: {
      services: rest.length,
      logs: total((service) => service.logs),
      spans: total((service) => service.spans),
      bytes: total((service) => service.bytes),
    },
    partial: logs.isPartial || spans.isPartial,
    statistics: addStatistics([...logs.statistics, ...spans.statistics], begin),
  };

  async function countOf({ table, size }: Source) {
    const [counts, sizes] = await Promise.all([
      ask(
        {
          sql: `SELECT ServiceName, count() AS n FROM ${table} GROUP BY ServiceName ORDER BY n DESC LIMIT ${MAX_SERVICES}`,
          parameters: {},
          atLimit: "fail",
        },
        signal,
      ),
      ask(
        {
          sql: `
            SELECT ServiceName, avg(${size}) AS size FROM ${table}
            PREWHERE _part_offset % ${SAMPLE.of} < ${SAMPLE.rows}
            GROUP BY ServiceName LIMIT ${MAX_SERVICES}`,
          parameters: {},
          atLimit: "fail",
        },
        signal,
      ),
    ]);
    const sizeOf = new Map(sizes.rows.map(([service, average]) => [String(service), Number(average)]));
    const known = [...sizeOf.values()];
    const usual = known.reduce((sum, average) => sum + average, 0) / Math.max(1, known.length);
    const weighed = counts.rows.map(([name, count]) => {
      const service = String(name);
      const rows = Number(count);
      return { service, rows, weight: rows * (sizeOf.get(service) ?? usual) };
    });
    const weight = weighed.reduce((sum, one) => sum + one.weight, 0);
    const bytes = tables.get(table) ?? 0;
    return {
      services: weighed.map((one) => ({
        service: one.service,
        rows: one.rows,
        bytes: Math.round((bytes * one.weight) / (weight || 1)),
      })),
      isPartial: counts.isPartial || sizes.isPartial || counts.rows.length === MAX_SERVICES,
      statistics: [counts.statistics, sizes.statistics],
    };
  }
}
