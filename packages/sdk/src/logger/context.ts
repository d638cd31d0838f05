import type { TraceIds } from "./record.ts";

/**
 * What is known of the work that records are made in. The first four stand in the bracket of the text line and
 * under names of their own in JSON; whatever else is given becomes metadata of each record.
 */
export interface LogContext {
  /** An id, or class and id: `{ class: "PersistentRunner", id: "a86ab1f8-…" }`. */
  readonly runner?: string | { readonly class: string; readonly id: string } | undefined;
  readonly worker?: string | undefined;
  readonly invocation?: string | undefined;
  readonly task?: string | undefined;
  /** Of the caller, as `traceparent` brings them. A span that is active by OpenTelemetry counts more. */
  readonly trace?: TraceIds | undefined;
  readonly [key: string]: unknown;
}

/** Carries a value along with the work that is done, asynchronous work too. */
export interface ContextCarrier<Value> {
  run<T>(value: Value, work: () => T): T;
  get(): Value | undefined;
}
