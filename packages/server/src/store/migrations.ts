import type { ClickHouseClient } from "@clickhouse/client";
import {
  ADD_FIELD_COUNTS,
  LOG_FIELDS,
  LOG_FIELDS_COUNTED_VIEW,
  LOG_FIELDS_OTHERS_VIEW,
  LOG_FIELDS_VIEW,
} from "./schema/log-fields.ts";
import { OTEL_LOGS } from "./schema/otel-logs.ts";
import { OTEL_TRACES, OTEL_TRACES_TRACE_ID_TS, OTEL_TRACES_TRACE_ID_TS_VIEW } from "./schema/otel-traces.ts";

/** One step of the schema. Released steps never change: what comes later is a further step. */
export interface Migration {
  readonly version: number;
  readonly name: string;
  /** In order. Each may be run again (`IF NOT EXISTS`): a step that was interrupted starts over. */
  readonly statements: readonly string[];
  /** For an engine of our own, into which nobody else writes. Elsewhere the step does nothing. */
  readonly isForOwnEngine?: true;
}

/** All steps, oldest first, with versions 1, 2, 3, … */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    name: "logs, traces and the fields of logs",
    statements: [
      OTEL_LOGS,
      LOG_FIELDS,
      LOG_FIELDS_VIEW,
      OTEL_TRACES,
      OTEL_TRACES_TRACE_ID_TS,
      OTEL_TRACES_TRACE_ID_TS_VIEW,
    ],
  },
  {
    version: 2,
    // Files for each column cost an insert of 40,000 records a sixth of its CPU. The first merge makes them.
    name: "inserts write one file a part",
    statements: [
      "ALTER TABLE otel_logs MODIFY SETTING min_level_for_wide_part = 1",
      "ALTER TABLE otel_traces MODIFY SETTING min_level_for_wide_part = 1",
    ],
  },
  {
    version: 3,
    name: "the server counts the values of attributes",
    statements: [
      ADD_FIELD_COUNTS,
      LOG_FIELDS_COUNTED_VIEW,
      LOG_FIELDS_OTHERS_VIEW,
      "DROP VIEW IF EXISTS log_fields_mv",
    ],
  },
  {
    version: 4,
    // Lengths and texts apart, as ClickHouse has it by itself, take a quarter more on disk and are read no sooner.
    name: "texts with their lengths",
    statements: ["otel_logs", "otel_traces", "otel_traces_trace_id_ts", "log_fields"].map(
      (table) => `ALTER TABLE ${table} MODIFY SETTING string_serialization_version = 'single_stream'`,
    ),
  },
  {
    version: 5,
    // Two fifths of what a small insert costs, for a view that finds nothing.
    name: "only the server's counts",
    statements: ["DROP VIEW IF EXISTS log_fields_others_mv"],
    isForOwnEngine: true,
  },
];

/** The steps as they are for an engine of ours, or for one of others. */
export function migrationsFor(isOwn: boolean): readonly Migration[] {
  return MIGRATIONS.map((step) => (step.isForOwnEngine && !isOwn ? { ...step, statements: [] } : step));
}

/** Where others may write: has what they insert counted, also when the tables were made by an engine of ours. */
export async function countOthers(client: ClickHouseClient): Promise<void> {
  await client.command({ query: LOG_FIELDS_OTHERS_VIEW });
}
