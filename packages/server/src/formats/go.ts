import type { Draft, Format } from "./format.ts";
import { draftOfObject, isJsonObject } from "./json/json.ts";
import { parseJson } from "./json/json-text.ts";
import { layoutFormat } from "./layout.ts";
import type { Clock } from "./time/clock.ts";

/** A frame of zap's stack: a function, and its file indented below. */
const FUNCTION = /^[\w./*()-]{1,300}\.[\w.*()·-]{1,200}$/;

const lines = layoutFormat("go", (line) => line.indexOf("\t") > 0, [
  "%time %level %file:%line %message",
  "%time %level %logger %file:%line %message",
]);

/** zap's console encoder: columns between tabs, fields as JSON in the last, the stack on lines of its own. */
export const go: Format = {
  ...lines,
  parse(line, clock) {
    const draft = lines.parse(line, clock);
    if (draft !== undefined) readFields(draft, clock);
    return draft;
  },
  continues: (line) => FUNCTION.test(line),
  extend: (draft, stack) => void draft.attributes.push("exception.stacktrace", stack.join("\n")),
};

function readFields(draft: Draft, clock: Clock): void {
  const tab = draft.body.lastIndexOf("\t{");
  if (tab < 0) return;
  try {
    const fields = parseJson(draft.body.slice(tab + 1));
    if (!isJsonObject(fields)) return;
    draft.attributes.push(...draftOfObject(fields, clock, "").attributes);
    draft.body = draft.body.slice(0, tab);
  } catch {
    // Not fields, then, but part of the message.
  }
}
