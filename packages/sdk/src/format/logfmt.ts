import { stackOf } from "./error.ts";
import { flat } from "./flat.ts";
import type { JsonWriter } from "./json-writer.ts";
import { limited } from "./limits.ts";
import type { LineFormat } from "./line-format.ts";
import { isoTime } from "./timestamp.ts";
import { createTraceWriter } from "./trace-ids.ts";
import { idText } from "./unified.ts";
import { createValueWriter, lineName, wordOf } from "./value-writer.ts";

/** Names that the line has for what isn't a field. */
const OWN_NAMES: ReadonlySet<string> = new Set([
  "time",
  "level",
  "system",
  "app_id",
  "logger",
  "msg",
  "runner_class",
  "runner_id",
  "worker_id",
  "invocation_id",
  "task_id",
  "trace_id",
  "span_id",
  "stack",
]);

/**
 * `key=value` pairs on one line: `time`, `level`, `system`, `app_id`, `logger`, `msg`, then fields, ids and the stack.
 * Fields of these names get a `_` behind.
 *
 * @example
 * // time=2026-03-27T10:23:45.123Z level=info system=node logger=my_app.billing msg=paid orderId=17
 */
export function createLogfmtFormat({ writer }: { readonly writer: JsonWriter }): LineFormat<string> {
  const traceText = createTraceWriter(" ", "=");
  return {
    name: "logfmt",
    fields: createValueWriter(writer, { nested: wordOf, nameOf }),
    head({ level, system, logger, appId }) {
      const application = appId ? ` app_id=${wordOf(appId)}` : "";
      return flat(` level=${level} system=${system}${application} logger=${wordOf(logger)} msg=`);
    },
    line(head, time, message, fields, error, context, trace) {
      let line = `time=${isoTime(time)}${head}${wordOf(limited(message))}${fields}`;
      if (context?.execution !== undefined) {
        const { runnerClass, runnerId, workerId, invocationId, taskId } = context.execution;
        line += pair("runner_class", runnerClass) + pair("runner_id", runnerId) + pair("worker_id", workerId);
        line += pair("invocation_id", invocationId) + pair("task_id", taskId);
      }
      if (trace !== undefined) line += traceText(trace);
      if (error !== undefined) line += ` stack=${wordOf(stackOf(error))}`;
      return `${line}\n`;
    },
  };
}

function pair(name: string, id: unknown): string {
  const text = idText(id);
  return text && ` ${name}=${wordOf(text)}`;
}

/** A field of a name that the line has itself must not pass for it. */
function nameOf(name: string): string {
  const line = lineName(name);
  return OWN_NAMES.has(line) ? `${line}_` : line;
}
