import { type Draft, newDraft } from "../format.ts";
import { setSeverity } from "../severity-text.ts";
import { exceptionOfStack } from "./exception.ts";
import { isFrame } from "./stack-trace.ts";

const ERROR = 17;
const FATAL = 21;

/** The draft of a record that begins with a trace: nobody logged it, so it was fatal to somebody. */
export function draftOfTrace(line: string): Draft {
  const draft = newDraft();
  draft.body = line;
  setSeverity(draft, /^(?:panic: |fatal error: |thread ')/.test(line) ? FATAL : ERROR);
  return draft;
}

/**
 * Puts the trace among a record's lines into `exception.*`, and the lines before it into the body.
 *
 * @param first the record's first line, whose message is the draft's body
 * @param more the lines behind it
 * @param traceAt where in `more` the trace begins; -1 when its head is the first line
 */
export function attachTrace(draft: Draft, first: string, more: readonly string[], traceAt: number): void {
  const isHead = traceAt < 0;
  const head = isHead ? draft.body : more[traceAt]!;
  const stack = [head, ...more.slice(traceAt + 1)].join("\n");
  if (traceAt > 0) draft.body = `${draft.body}\n${more.slice(0, traceAt).join("\n")}`.trimEnd();
  const exception = exceptionOfStack(stack);
  if (exception !== undefined) {
    draft.attributes.push("exception.type", exception.type);
    if (exception.message !== "") draft.attributes.push("exception.message", exception.message);
    // "Traceback (most recent call last):" and a path tell nothing; the exception does.
    if (isHead && head === first && !first.includes(exception.type)) {
      draft.body = exception.message === "" ? exception.type : `${exception.type}: ${exception.message}`;
    }
  }
  draft.attributes.push("exception.stacktrace", stack);
  if (draft.severityNumber === 0 && (exception !== undefined || more.some(isFrame)))
    setSeverity(draft, ERROR);
}
