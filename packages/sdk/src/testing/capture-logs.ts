import { AsyncLocalStorage } from "node:async_hooks";
import { polylog } from "../api.ts";
import { type Level, rankOf, type Threshold } from "../logger/level.ts";
import type { LogRecord } from "../logger/record.ts";

/** What was logged within a capture, the oldest first. */
export interface CapturedLogs {
  readonly records: readonly LogRecord[];
  /** Messages of all records, or of those of one level. */
  messages(level?: Level): string[];
  /** Forgets what was logged up to now. */
  clear(): void;
}

export interface CaptureOptions {
  /** Level of the root while the capture runs; it keeps records below it. @defaultValue left as it is */
  readonly level?: Threshold;
}

interface Capture {
  readonly records: LogRecord[];
  readonly outer: Capture | undefined;
  readonly level: Threshold | undefined;
}

const storage = new AsyncLocalStorage<Capture>();
const running = new Set<Capture>();
let isInstalled = false;
let isLevelOurs = false;

/**
 * Runs `work` and gives what it logged, and what it started logged, through the loggers of this process. Captures
 * that run at the same time see only their own records. From the first one on the process writes no logs elsewhere.
 *
 * What is logged by something that was started before, like a server, isn't part of the work: give that a
 * {@link isolatedPolylog}, or configure a `memorySink`.
 *
 * @example
 * const logs = await captureLogs(() => checkout(cart));
 * assertLogged(logs, { level: "warn", message: "card declined" });
 */
export async function captureLogs(
  work: (logs: CapturedLogs) => unknown,
  { level }: CaptureOptions = {},
): Promise<CapturedLogs> {
  install();
  const capture: Capture = { records: [], outer: storage.getStore(), level };
  const logs = logsOf(capture.records);
  running.add(capture);
  updateLevel();
  try {
    await storage.run(capture, () => work(logs));
  } finally {
    running.delete(capture);
    updateLevel();
  }
  return logs;
}

function logsOf(records: LogRecord[]): CapturedLogs {
  return {
    records,
    messages: (level) =>
      records.filter((record) => level === undefined || record.level === level).map(({ message }) => message),
    clear() {
      records.length = 0;
    },
  };
}

/** One sink for all captures: a record knows by its asynchronous context whose it is. */
function install(): void {
  if (isInstalled) return;
  isInstalled = true;
  polylog.configure({
    sinks: {
      captured(record) {
        for (let capture = storage.getStore(); capture !== undefined; capture = capture.outer) {
          if (rankOf(record.level) >= rankOf(capture.level ?? "trace")) capture.records.push(record);
        }
      },
    },
  });
}

/** The root lets through what the most curious of the captures wants. */
function updateLevel(): void {
  const levels = [...running].flatMap(({ level }) => level ?? []);
  const lowest = levels.sort((a, b) => rankOf(a) - rankOf(b))[0];
  if (lowest !== undefined || isLevelOurs) polylog.log.setLevel(lowest);
  isLevelOurs = lowest !== undefined;
}
