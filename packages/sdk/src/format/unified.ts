import type { Level } from "../logger/level.ts";
import type { ExecutionContext, System } from "../logger/record.ts";
import { lineText } from "./escape.ts";
import { limited } from "./limits.ts";
import type { Origin } from "./line-format.ts";

/** Levels as the text line has them, five characters wide. */
export const LEVEL_WORDS: Readonly<Record<Level, string>> = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO ",
  warn: "WARN ",
  error: "ERROR",
  fatal: "CRIT ",
};

/** Levels as JSON has them. */
export const SEVERITIES: Readonly<Record<Level, string>> = {
  trace: "TRACE",
  debug: "DEBUG",
  info: "INFO",
  warn: "WARNING",
  error: "ERROR",
  fatal: "CRITICAL",
};

const TAGS: Readonly<Record<System, string>> = {
  node: "[N]",
  rust: "[R]",
  python: "[P]",
  cpp: "[C]",
  browser: "[B]",
};

/** Characters of a shortened id. */
const SHORT_ID = 8;

/** Two pieces of the unified line, between which the context stands. */
export interface UnifiedHead {
  /** ` INFO  [N] my_app ` */
  readonly before: string;
  /** `my_app.billing ` */
  readonly after: string;
}

/**
 * The unified line is `{time} {LEVEL:<5} [N] {app_id} [{context}] {logger} {message}`; application and context are
 * left out when there are none.
 */
export function unifiedHead({ level, system, appId, logger }: Origin, style: Style = PLAIN): UnifiedHead {
  const application = appId === undefined || appId === "" ? "" : `${lineText(appId)} `;
  return {
    before: ` ${style.level(level, LEVEL_WORDS[level])} ${style.dim(TAGS[system])} ${application}`,
    after: `${lineText(logger)} `,
  };
}

/** How parts of a line are set off on a terminal. */
export interface Style {
  dim(text: string): string;
  level(level: Level, text: string): string;
}

export const PLAIN: Style = { dim: (text) => text, level: (_, text) => text };

/**
 * The context as it stands in the line, with a blank behind: `[PTR(a86ab1f8).W(d1241003)cc6c0e34-…:tasks.add] `. Empty when
 * there is nothing to tell.
 *
 * @param isCompact shortens the class to its capitals, and the ids of runner and worker
 */
export function bracketOf(context: ExecutionContext, isCompact: boolean, style: Style = PLAIN): string {
  const runner = idText(context.runnerId);
  const worker = idText(context.workerId);
  const task = idText(context.taskId);
  const short = (id: string) => lineText(isCompact ? id.slice(0, SHORT_ID) : id);
  const parts: string[] = [];
  if (runner) parts.push(`${classOf(idText(context.runnerClass), isCompact)}(${short(runner)})`);
  if (worker) parts.push(`W(${short(worker)})`);
  const work = lineText(idText(context.invocationId)) + (task && `:${lineText(task)}`);
  const inner = parts.join(".") + work;
  return inner && `${style.dim(`[${inner}]`)} `;
}

/** An id as text; empty where there is none. Code without types gives numbers and `null` too. Never throws. */
export function idText(id: unknown): string {
  try {
    return id === undefined || id === null ? "" : limited(String(id));
  } catch {
    return "";
  }
}

function classOf(given: string, isCompact: boolean): string {
  const name = given || "Runner";
  const capitals = isCompact ? name.replace(/[^A-Z]/g, "") : "";
  return lineText(capitals || name);
}
