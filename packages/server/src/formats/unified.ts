import { type Draft, type Format, newDraft } from "./format.ts";
import { setSeverityWord } from "./severity-text.ts";
import type { Clock } from "./time/clock.ts";
import { scanTime } from "./time/scan.ts";

const RUNTIMES: ReadonlyMap<string, string> = new Map([
  ["[N]", "node"],
  ["[P]", "python"],
  ["[R]", "rust"],
]);

/**
 * Polylog's own line, which Rustvello writes too:
 * `{time} {LEVEL:<5} [R|P|N] {app_id} [{context}] {logger} {message}`.
 */
export const unified: Format = {
  name: "polylog",
  detect: (line) => line.charCodeAt(10) === 84 && line.indexOf("] ", 20) > 0,
  parse: parseUnified,
};

export function parseUnified(line: string, clock: Clock): Draft | undefined {
  const time = scanTime(line, 0, clock);
  if (time === undefined || line.charCodeAt(time.end) !== 32) return undefined;
  const levelEnd = line.indexOf(" ", time.end + 1);
  if (levelEnd < 0 || levelEnd - time.end > 12) return undefined;
  let at = levelEnd;
  while (at - levelEnd < 6 && line.charCodeAt(at) === 32) at++;
  const runtime = RUNTIMES.get(line.slice(at, at + 3));
  if (runtime === undefined || line.charCodeAt(at + 3) !== 32) return undefined;
  const draft = newDraft();
  if (!setSeverityWord(draft, line.slice(time.end + 1, levelEnd))) return undefined;
  draft.timestamp = time.nanoseconds;
  draft.runtime = runtime;
  readOrigin(draft, line.slice(at + 4));
  return draft;
}

/** `{app_id} [{context}] {logger} {message}`, of which the first two may be missing. */
function readOrigin(draft: Draft, text: string): void {
  const [first, rest] = splitWord(text);
  const context = readContext(draft, text) ?? readContext(draft, rest);
  if (context !== undefined) {
    if (!text.startsWith("[")) draft.service = first;
    [draft.logger, draft.body] = splitWord(context);
    return;
  }
  const [second, message] = splitWord(rest);
  // Without a context an application's name can only be told from a logger's by the logger's separators.
  if (!hasSegments(first) && hasSegments(second)) {
    draft.service = first;
    draft.logger = second;
    draft.body = message;
  } else {
    draft.logger = first;
    draft.body = rest;
  }
}

/** `CLS(runner).W(worker)invocation:task`, each part but the class optional. */
const CONTEXT =
  /^\[([A-Za-z_]\w{0,63})\(([^()\s]{1,128})\)(?:\.W\(([^()\s]{1,128})\))?([^\s[\]:]{1,128})?(?::([^\s[\]]{1,256}))?\] /;

/** Reads a context that `text` begins with, and answers what follows it. */
function readContext(draft: Draft, text: string): string | undefined {
  const found = CONTEXT.exec(text);
  if (found === null) return undefined;
  const [all, runnerClass, runner, worker, invocation, task] = found;
  draft.attributes.push("runner_class", runnerClass!, "runner_id", runner!);
  if (worker) draft.attributes.push("worker_id", worker);
  if (invocation) draft.attributes.push("invocation_id", invocation);
  if (task) draft.attributes.push("task_id", task);
  return text.slice(all.length);
}

function splitWord(text: string): [word: string, rest: string] {
  const blank = text.indexOf(" ");
  return blank < 0 ? [text, ""] : [text.slice(0, blank), text.slice(blank + 1)];
}

/** `core.tasks`, `rustvello::runner`; not the end of a sentence. */
function hasSegments(word: string): boolean {
  return /^[\w$-]+(?:(?:\.|::)[\w$-]+)+$/.test(word);
}
