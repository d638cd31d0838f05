import { stackOf } from "./error.ts";
import { CONTINUATION, lineText } from "./escape.ts";
import type { JsonWriter } from "./json-writer.ts";
import { limited } from "./limits.ts";
import type { LineFormat } from "./line-format.ts";
import { bracketOf, LEVEL_WORDS, type Style } from "./unified.ts";
import { createValueWriter, lineJson, lineName } from "./value-writer.ts";

export interface PrettyOptions {
  readonly writer: JsonWriter;
  readonly isCompact: boolean;
  readonly style: Style;
}

interface PrettyHead {
  readonly level: string;
  readonly logger: string;
  readonly pad: string;
}

/** Characters that names of loggers are aligned to; longer ones push their own line only. */
const NAME_WIDTH = 16;
/** Frames of a stack that are shown, the nearest ones. */
const FRAMES = 8;

/**
 * For people who develop: local time, aligned, coloured, short stacks.
 *
 * @example
 * // 10:23:45.123 INFO  my_app.billing   paid  orderId=17
 */
export function createPrettyFormat({ writer, isCompact, style }: PrettyOptions): LineFormat<PrettyHead> {
  const write = createValueWriter(writer, { nested: lineJson, nameOf: lineName });
  return {
    name: "pretty",
    fields: (fields) => style.dim(write(fields)),
    head: ({ level, logger, system }) => {
      const name = system === "node" ? logger : `${logger} (${system})`;
      return {
        level: style.level(level, LEVEL_WORDS[level]),
        logger: style.dim(lineText(name)),
        pad: " ".repeat(Math.max(0, NAME_WIDTH - name.length)),
      };
    },
    line(head, time, message, fields, error, context) {
      const bracket =
        context?.execution === undefined
          ? ""
          : ` ${bracketOf(context.execution, isCompact, style)}`.trimEnd();
      const start = `${style.dim(localTime(time))} ${head.level} ${head.logger}${head.pad} `;
      let line = `${start}${lineText(limited(message))}${fields === "" ? "" : ` ${fields}`}${bracket}`;
      if (error !== undefined) line += CONTINUATION + lineText(shortStack(stackOf(error)));
      return `${line}\n`;
    },
  };
}

/** `10:23:45.123` where the process is. */
function localTime(time: number): string {
  const date = new Date(time);
  const two = (value: number) => String(value).padStart(2, "0");
  const milliseconds = String(date.getMilliseconds()).padStart(3, "0");
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`;
}

/** A stack without Node's own frames and `file://`, and without the far ends of long ones. */
function shortStack(stack: string): string {
  const lines: string[] = [];
  let frames = 0;
  let hidden = 0;
  const tellHidden = () => {
    if (hidden > 0) lines.push(`    … ${hidden} more`);
    hidden = 0;
  };
  for (const line of stack.split("\n")) {
    if (!/^\s+at /.test(line)) {
      tellHidden();
      frames = 0;
      lines.push(line);
    } else if (/\(?node:internal\//.test(line) || ++frames > FRAMES) {
      hidden++;
    } else {
      lines.push(line.replace("file://", ""));
    }
  }
  tellHidden();
  return lines.join("\n");
}
