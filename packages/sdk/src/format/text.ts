import type { ActiveContext } from "../logger/active-context.ts";
import { stackOf } from "./error.ts";
import { CONTINUATION, lineText } from "./escape.ts";
import { flat } from "./flat.ts";
import type { JsonWriter } from "./json-writer.ts";
import { limited } from "./limits.ts";
import type { LineFormat } from "./line-format.ts";
import { rememberLast } from "./remember-last.ts";
import { isoTime } from "./timestamp.ts";
import { createTraceWriter } from "./trace-ids.ts";
import { bracketOf, PLAIN, type Style, unifiedHead } from "./unified.ts";
import { createValueWriter, lineJson, lineName } from "./value-writer.ts";

interface TextHead {
  readonly before: string;
  readonly after: string;
  /** Both, for records without a context. */
  readonly whole: string;
  /** The millisecond that `start` was made for. */
  time: number;
  /** All before the message, of a record without a context. */
  start: string;
}

export interface TextOptions {
  readonly writer: JsonWriter;
  readonly isCompact: boolean;
  readonly style?: Style;
}

/**
 * The unified text line. Fields follow the message as `key=value`, an error's stack on indented lines below.
 *
 * @example
 * // 2026-03-27T10:23:45.123Z INFO  [N] my_app [PTR(a86ab1f8).W(d1241003)cc6c0e34-…:tasks.add] my_app.billing paid orderId=17
 */
export function createTextFormat({ writer, isCompact, style = PLAIN }: TextOptions): LineFormat<TextHead> {
  const traceText = createTraceWriter(" ", "=");
  const fields = createValueWriter(writer, { nested: lineJson, nameOf: lineName });
  /** Under which the bracket is kept with a context. */
  const bracketKey = {};
  const stackText = rememberLast(lineText);
  const isStyled = style !== PLAIN;

  const format: LineFormat<TextHead> = {
    name: "text",
    fields,
    head(origin) {
      const { before, after } = unifiedHead(origin, style);
      return {
        before: flat(before),
        after: flat(after),
        whole: flat(before + after),
        time: Number.NaN,
        start: "",
      };
    },
    line(head, time, message, fieldsText, error, context, trace) {
      let line: string;
      if (context === undefined || context.execution === undefined) {
        line = startAt(head, time);
      } else {
        line = timeText(time) + head.before + bracket(context) + head.after;
      }
      line += lineText(message.length > 1000 ? limited(message) : message) + fieldsText;
      if (trace !== undefined) line += traceText(trace);
      if (error !== undefined) line += CONTINUATION + stackText(stackOf(error));
      return `${line}\n`;
    },
    written: (head, time, rest) => startAt(head, time) + rest,
  };

  /** All before the message, of a record without a context. */
  function startAt(head: TextHead, time: number): string {
    if (time !== head.time) {
      head.time = time;
      head.start = flat(timeText(time) + head.whole);
    }
    return head.start;
  }

  function timeText(time: number): string {
    return isStyled ? style.dim(isoTime(time)) : isoTime(time);
  }

  function bracket(context: ActiveContext): string {
    let text = context.fragments.get(bracketKey);
    if (text === undefined) {
      text = flat(bracketOf(context.execution!, isCompact, style));
      context.fragments.set(bracketKey, text);
    }
    return text;
  }

  return format;
}
