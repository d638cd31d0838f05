import { type Format, newDraft } from "./format.ts";
import { setSeverity } from "./severity-text.ts";
import { scanTime } from "./time/scan.ts";

const HEAD = /^(\d{1,10}):([A-Z]) (?=\d\d [A-Z])/;

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
  detect: (line) => HEAD.test(line),
  parse(line, clock) {
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
