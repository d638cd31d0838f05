/** A table whose merges an engine of our own fits to what comes in. */
export interface MergedTable {
  readonly name: string;
  /** Its large indexes, which merges may leave out. */
  readonly indexes: readonly string[];
}

/** Those that are filled together, by what fills them. */
export const MERGED_TABLES = {
  logs: [
    { name: "otel_logs", indexes: ["idx_attribute_keys", "idx_attribute_values", "idx_body"] },
    { name: "log_fields", indexes: [] },
  ],
  spans: [
    { name: "otel_traces", indexes: ["idx_attribute_keys", "idx_attribute_values"] },
    { name: "otel_traces_trace_id_ts", indexes: [] },
  ],
} as const satisfies Readonly<Record<string, readonly MergedTable[]>>;
