import { type Format, newDraft } from "./format.ts";
import { scanTime } from "./time/scan.ts";

const HEADS = ["Log started: ", "Log ended: "] as const;

/** apt's term.log: what dpkg printed, between two lines with a time. The printed lines have the first's time. */
export const aptTerm: Format = {
  name: "apt-term",
  isSingleLine: true,
  detect: (line) => line.startsWith("Log "),
  parse(line, clock) {
    const head = HEADS.find((text) => line.startsWith(text));
    const time = head === undefined ? undefined : scanTime(line, head.length, clock);
    if (time === undefined) return undefined;
    const draft = newDraft();
    draft.timestamp = time.nanoseconds;
    draft.service = "apt";
    draft.body = line;
    return draft;
  },
};
