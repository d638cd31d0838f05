import type { LogContext } from "./context.ts";
import type { ExecutionContext } from "./record.ts";

const EXECUTION_KEYS = new Set(["runner", "worker", "invocation", "task"]);

/**
 * The context that is active, merged of all around it. Made once a `withContext`, asked for by each record: what
 * formats make of it is kept with it.
 */
export class ActiveContext {
  /** All that was given, by the names it was given under. */
  readonly values: LogContext;
  readonly execution: ExecutionContext | undefined;
  /** What becomes metadata; `undefined` when there is none. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** By the format (or writer of fields) that made them. */
  readonly fragments = new Map<object, string>();

  constructor(context: LogContext, outer?: ActiveContext) {
    this.values = outer === undefined ? { ...context } : { ...outer.values, ...context };
    this.execution = executionOf(this.values);
    const fields = Object.entries(this.values).filter(([key]) => !EXECUTION_KEYS.has(key));
    this.fields = fields.length === 0 ? undefined : Object.fromEntries(fields);
  }
}

function executionOf({ runner, worker, invocation, task }: LogContext): ExecutionContext | undefined {
  if (!runner && !worker && !invocation && !task) return undefined;
  const { class: runnerClass, id: runnerId } =
    typeof runner === "object" ? runner : { class: undefined, id: runner };
  return { runnerClass, runnerId, workerId: worker, invocationId: invocation, taskId: task };
}
