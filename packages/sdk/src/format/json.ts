import type { ActiveContext } from "../logger/active-context.ts";
import type { ExecutionContext } from "../logger/record.ts";
import { isError, messageOf } from "./error.ts";
import { isClean, jsonText, lineText } from "./escape.ts";
import { flat } from "./flat.ts";
import type { JsonWriter } from "./json-writer.ts";
import { limited } from "./limits.ts";
import type { LineFormat } from "./line-format.ts";
import { isoTime } from "./timestamp.ts";
import { createTraceWriter } from "./trace-ids.ts";
import { bracketOf, idText, SEVERITIES, unifiedHead } from "./unified.ts";

interface JsonHead {
  /** From the time's closing quote to the message's opening one. */
  readonly start: string;
  /** What of `text` stands between the time and the message. */
  readonly text: string;
  /** The same, around the context. */
  readonly textBefore: string;
  readonly textAfter: string;
  /** After the message's closing quote, up to the time in `text`. */
  readonly application: string;
  readonly fixed: string;
  /** How a record ends that has the fixed fields and no others. */
  readonly end: string;
  /** The millisecond that the next two were made for. */
  time: number;
  /** All before the message. */
  before: string;
  /** All between the message and the message in `text`. */
  between: string;
}

export interface JsonOptions {
  readonly writer: JsonWriter;
  readonly isCompact: boolean;
}

/**
 * One JSON object a line: `timestamp`, `severity`, `system`, `logger`, `message` and `text` (the unified line) always;
 * `app_id`, `runner_class`, `runner_id`, `worker_id`, `invocation_id`, `task_id`, `trace_id`, `span_id` when known;
 * fields under `metadata`, an error under `exception`, its stack within. `stack_info`, which Python's records have when a call
 * asks for its own stack, has no like here.
 */
export function createJsonFormat({ writer, isCompact }: JsonOptions): LineFormat<JsonHead> {
  const traceText = createTraceWriter('","', '":"');
  const format: LineFormat<JsonHead> = {
    name: "json",
    fields: writer.fields,
    head(origin, fixed = "") {
      const { before, after } = unifiedHead(origin);
      const { level, system, logger, appId } = origin;
      return {
        start: flat(
          `","severity":"${SEVERITIES[level]}","system":"${system}","logger":"${jsonText(logger)}","message":"`,
        ),
        text: flat(jsonText(before + after)),
        textBefore: flat(jsonText(before)),
        textAfter: flat(jsonText(after)),
        application:
          appId === undefined || appId === ""
            ? '","text":"'
            : flat(`","app_id":"${jsonText(appId)}","text":"`),
        fixed,
        end: flat(`","metadata":${fixed}}}\n`),
        time: Number.NaN,
        before: "",
        between: "",
      };
    },
    line(head, time, message, fields, error, context, trace) {
      if (time !== head.time) setTime(head, time);
      let said = message;
      /** The message as the unified line has it. */
      let shown = message;
      if (!isClean(message)) {
        const whole = limited(message);
        const lines = lineText(whole);
        said = jsonText(whole);
        shown = lines === whole ? said : jsonText(lines);
      }
      let line: string;
      if (context === undefined || context.execution === undefined) {
        line = head.before + said + head.between + shown;
      } else {
        line = head.before + said + head.application + isoTime(time) + head.textBefore + inText(context);
        line += head.textAfter + shown + ids(context);
      }
      if (trace !== undefined) line += traceText(trace);
      if (error === undefined) {
        if (fields === "") return `${line}"}\n`;
        // Mostly the very same text: a look at where it lies tells.
        return fields === head.fixed ? line + head.end : `${line}","metadata":${fields}}}\n`;
      }
      line += `","exception":${exception(error)}`;
      return fields === "" ? `${line}}\n` : `${line},"metadata":${fields}}}\n`;
    },
  };
  /** Keys of the fragments that are kept with a context. */
  const idsKey = {};
  const textKey = {};

  function inText(context: ActiveContext): string {
    return kept(context, textKey, ({ execution }) => jsonText(bracketOf(execution!, isCompact)));
  }

  function ids(context: ActiveContext): string {
    return kept(context, idsKey, ({ execution }) => idsOf(execution!));
  }

  function exception(error: unknown): string {
    if (isError(error)) return writer.value(error);
    // Written by itself: paths that are masked begin at what was thrown.
    return `{"message":"${jsonText(limited(messageOf(error)))}","value":${writer.value(error)}}`;
  }

  return format;
}

/** The time makes up most of what is put together for a record; many records have the same. */
function setTime(head: JsonHead, time: number): void {
  const now = isoTime(time);
  head.time = time;
  head.before = flat(`{"timestamp":"${now}${head.start}`);
  head.between = flat(head.application + now + head.text);
}

function kept(context: ActiveContext, key: object, make: (context: ActiveContext) => string): string {
  let text = context.fragments.get(key);
  if (text === undefined) {
    text = flat(make(context));
    context.fragments.set(key, text);
  }
  return text;
}

function idsOf(execution: ExecutionContext): string {
  const named = [
    ["runner_class", execution.runnerClass],
    ["runner_id", execution.runnerId],
    ["worker_id", execution.workerId],
    ["invocation_id", execution.invocationId],
    ["task_id", execution.taskId],
  ] as const;
  return named
    .map(([name, id]) => [name, idText(id)] as const)
    .map(([name, id]) => id && `","${name}":"${jsonText(id)}`)
    .join("");
}
