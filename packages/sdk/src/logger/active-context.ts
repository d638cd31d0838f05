import { merge } from "../format/merge.ts";
import type { LogContext } from "./context.ts";
import type { ExecutionContext, TraceIds } from "./record.ts";

const EXECUTION_KEYS = new Set(["runner", "worker", "invocation", "task"]);

/**
 * The context that is active, merged of all around it. Made once a `withContext`, asked for by each record: what
 * formats make of it is kept with it.
 */
export class ActiveContext {
  /** All that was given, by the names it was given under. */
  readonly values: LogContext;
  readonly execution: ExecutionContext | undefined;
  readonly trace: TraceIds | undefined;
  /** What becomes metadata; `undefined` when there is none. */
  readonly fields: Readonly<Record<string, unknown>> | undefined;
  /** By the format (or writer of fields) that made them. */
  readonly fragments = new Map<object, string>();

  constructor(context: LogContext, outer?: ActiveContext) {
    this.values = merge(outer?.values, context);
    this.execution = executionOf(this.values);
    this.trace = isTraceIds(this.values.trace) ? this.values.trace : undefined;
    const fields = Object.entries(this.values).filter(
      ([key]) => !EXECUTION_KEYS.has(key) && !(key === "trace" && this.trace !== undefined),
    );
    this.fields = fields.length === 0 ? undefined : Object.fromEntries(fields);
  }
}

/** Ids go into lines as they are, so what isn't hex is no id. */
function isTraceIds(value: unknown): value is TraceIds {
  const { traceId, spanId } = (value ?? {}) as Partial<Record<keyof TraceIds, unknown>>;
  return typeof traceId === "string" && typeof spanId === "string" && IDS.test(`${traceId}-${spanId}`);
}
const IDS = /^[0-9a-f]{32}-[0-9a-f]{16}$/;

function executionOf({ runner, worker, invocation, task }: LogContext): ExecutionContext | undefined {
  if (!runner && !worker && !invocation && !task) return undefined;
  const { class: runnerClass, id: runnerId } =
    typeof runner === "object" && runner !== null ? runner : { class: undefined, id: runner };
  return {
    runnerClass: idOf(runnerClass),
    runnerId: idOf(runnerId),
    workerId: idOf(worker),
    invocationId: idOf(invocation),
    taskId: idOf(task),
  };
}

/** Untyped code gives numbers, and `null`, and what a request has: that may be an object which can't be a text. */
function idOf(value: unknown): string | undefined {
  if (value === undefined || value === null) return undefined;
  try {
    return String(value);
  } catch {
    return undefined;
  }
}

/** The context that a logger would have had for these ids. */
export function contextOfIds({
  runnerClass,
  runnerId,
  workerId,
  invocationId,
  taskId,
}: ExecutionContext): ActiveContext {
  return new ActiveContext({
    ...(runnerId ? { runner: runnerClass ? { class: runnerClass, id: runnerId } : runnerId } : {}),
    ...(workerId ? { worker: workerId } : {}),
    ...(invocationId ? { invocation: invocationId } : {}),
    ...(taskId ? { task: taskId } : {}),
  });
}
