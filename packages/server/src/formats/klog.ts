import { type Format, newDraft } from "./format.ts";
import { setSeverityWord } from "./severity-text.ts";
import { resolveYear } from "./time/clock.ts";
import { scanTime } from "./time/scan.ts";

const HEAD = /^([IWEF])(\d\d)(\d\d) (\d\d:\d\d:\d\d\.\d{1,9}) +(\d{1,10}) ([^\s:\]]{1,256}):(\d{1,7})\] /;

/**
 * glog, klog (Kubernetes) and absl: `I1121 10:41:07.123456   1234 file.go:12] message`.
 * Source: klog, "Log lines have this form".
 */
export const klog: Format = {
  name: "klog",
  detect: (line) => /^[IWEF]\d{4} /.test(line),
  parse(line, clock) {
    const found = HEAD.exec(line);
    if (found === null) return undefined;
    const [head, letter, month, day, time, thread, file, number] = found;
    const year = resolveYear(clock, Number(month), Number(day));
    const scanned = scanTime(`${year}-${month}-${day} ${time}`, 0, clock);
    if (scanned === undefined) return undefined;
    const draft = newDraft();
    draft.timestamp = scanned.nanoseconds;
    setSeverityWord(draft, letter!);
    draft.body = line.slice(head.length);
    draft.attributes.push("thread.id", thread!, "code.file.path", file!, "code.line.number", number!);
    return draft;
  },
};
