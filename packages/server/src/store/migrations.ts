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
];
