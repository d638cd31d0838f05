import { type Format, newDraft } from "./format.ts";
import { setSeverityWord } from "./severity-text.ts";
import { scanTime } from "./time/scan.ts";

const ORIGIN = /^ ([\w$.]{1,256})(?: ([\w$<>]{1,128}))?$/;
const LEVEL = /^(SEVERE|WARNING|INFO|CONFIG|FINE|FINER|FINEST): /;

/**
 * java.util.logging's SimpleFormatter, which takes two lines:
 * `Nov 21, 2026 10:41:07 AM com.example.Main run` and `INFO: message`.
 */
export const javaUtilLogging: Format = {
  name: "java-util-logging",
  detect: (line) => /^[A-Z][a-z]{2} \d{1,2}, \d{4} /.test(line),
  parse(line, clock) {
    const time = scanTime(line, 0, clock);
    const origin = time === undefined ? null : ORIGIN.exec(line.slice(time.end, time.end + 512));
    if (time === undefined || origin === null) return undefined;
    const draft = newDraft();
    draft.timestamp = time.nanoseconds;
    draft.logger = origin[1]!;
    if (origin[2]) draft.attributes.push("code.function.name", origin[2]);
    return draft;
  },
  continues: (line, taken) => taken === 0 && LEVEL.test(line),
  extend(draft, lines) {
    const [line = "", ...more] = lines;
    const colon = line.indexOf(": ");
    setSeverityWord(draft, line.slice(0, colon));
    draft.body = [line.slice(colon + 2), ...more].join("\n");
  },
};
