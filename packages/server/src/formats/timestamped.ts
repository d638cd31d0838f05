import type { Format } from "./format.ts";
import { guessSeverity } from "./guess-severity.ts";
import { layoutFormat } from "./layout.ts";

const lines = layoutFormat("timestamped", (line) => /^[[(\d<A-Za-z]/.test(line), [
  "%time [%level] %message",
  "%time %level: %message",
  "%time %level - %message",
  "%time %level %message",
  "[%time] [%level] %message",
  "[%time] %level: %message",
  "[%time] %level %message",
  "[%time %level] %message",
  "[%level] [%time] %message",
  "[%level] %time %message",
  "%letter, [%time #%pid] %skip -- %skip: %message",
  "%level %time %message",
  "[%time] %message",
  "%time: %message",
  "%time %message",
]);

/** Any line that begins with a time, and perhaps a level before or behind it. */
export const timestamped: Format = {
  ...lines,
  parse(line, clock) {
    const draft = lines.parse(line, clock);
    if (draft === undefined) return undefined;
    if (/^[-|:] /.test(draft.body)) draft.body = draft.body.slice(2);
    if (draft.severityNumber === 0) guessSeverity(draft);
    return draft;
  },
};
