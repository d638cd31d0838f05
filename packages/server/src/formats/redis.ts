import { type Draft, type Format, newDraft } from "./format.ts";
import { setSeverity } from "./severity-text.ts";
import { epochTime } from "./time/epoch.ts";
import { scanTime } from "./time/scan.ts";

const HEAD = /^(\d{1,10}):([A-Z]) (?=\d\d [A-Z])/;
/** What a signal's handler writes, which may not format a date. */
const SIGNAL = /^(\d{1,10}):signal-handler \((\d{10})\) /;

/** Redis' marks for debug, verbose, notice and warning. Source: redis, `serverLogRaw`. */
const MARKS: ReadonlyMap<string, number> = new Map([
  [".", 5],
  ["-", 9],
  ["*", 10],
  ["#", 13],
]);

/** Redis and Valkey: `1234:M 21 Nov 2026 10:41:07.123 * Ready to accept connections`. */
export const redis: Format = {
  name: "redis",
  detect: (line) => HEAD.test(line) || SIGNAL.test(line),
  parse(line, clock) {
    const signal = SIGNAL.exec(line);
    if (signal !== null) return draftOfSignal(line.slice(signal[0].length), signal[1]!, signal[2]!);
    const head = HEAD.exec(line);
    if (head === null) return undefined;
    const time = scanTime(line, head[0].length, clock);
    if (time === undefined) return undefined;
    const severity = MARKS.get(line[time.end + 1] ?? "");
    if (severity === undefined || line[time.end + 2] !== " ") return undefined;
    const draft = newDraft();
    draft.timestamp = time.nanoseconds;
    setSeverity(draft, severity);
    draft.body = line.slice(time.end + 3);
    draft.service = "redis";
    draft.attributes.push("process.pid", head[1]!, "redis.role", head[2]!);
    return draft;
  },
};

function draftOfSignal(body: string, pid: string, seconds: string): Draft {
  const draft = newDraft();
  draft.timestamp = epochTime(seconds);
  setSeverity(draft, 13);
  draft.body = body;
  draft.service = "redis";
  draft.attributes.push("process.pid", pid);
  return draft;
}
