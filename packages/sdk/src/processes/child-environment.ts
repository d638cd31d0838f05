import { polylog as ours } from "../api.ts";
import { createJsonWriter } from "../format/json-writer.ts";
import type { CarriedContext } from "../logger/carried-context.ts";
import type { LogContext } from "../logger/context.ts";
import type { Polylog } from "../polylog.ts";

/** Characters of a context that is handed on; an environment has little room. */
const LONGEST = 16 * 1024;
const writer = createJsonWriter(undefined);

/**
 * The context that is active, and its trace, as variables: for the environment of a child, or for a message to one
 * that runs already. Python takes them with `continue_context`, Node with {@link continueContext}. Of a context too
 * large to hand on, its ids go.
 *
 * @example
 * worker.stdin.write(`${JSON.stringify({ job, context: carriedContext() })}\n`);
 */
export function carriedContext(polylog: Polylog = ours): CarriedContext {
  const { trace, ...values } = polylog.currentContext();
  const text = contextText(values);
  return {
    ...(trace !== undefined && {
      TRACEPARENT: `00-${trace.traceId}-${trace.spanId}-${(trace.traceFlags & 0xff).toString(16).padStart(2, "0")}`,
    }),
    ...(text !== undefined && { POLYLOG_CONTEXT: text }),
  };
}

function contextText(values: LogContext): string | undefined {
  const { runner, worker, invocation, task } = values;
  const texts = [values, { runner, worker, invocation, task }].map((given) => writer.value(given));
  return texts.find((text) => text.length <= LONGEST && text !== "{}");
}

/** Variables by which a child knows what it is part of: the context, the levels and the application's name. */
export function childVariables(polylog: Polylog = ours): Record<string, string> {
  const { loggers, settings } = polylog.describe();
  const levels = loggers.filter(({ origin, name }) => name !== "root" && origin !== "parent");
  const root = loggers.find(({ name }) => name === "root");
  const settingOf = (wanted: string) => settings.find(({ name }) => name === wanted)?.value;
  const appId = settingOf("appId");
  // The filter speaks of loggers, too, that only the child has; of the same ones, the last is heard.
  const filter = [settingOf("filter"), ...levels.map(({ name, level }) => `${name}=${level}`)].filter(
    Boolean,
  );
  return {
    ...(root !== undefined && { POLYLOG_LEVEL: root.level }),
    ...(filter.length > 0 && { POLYLOG_FILTER: filter.join() }),
    ...(appId && { POLYLOG_APP_ID: appId }),
    ...carriedContext(polylog),
  };
}
