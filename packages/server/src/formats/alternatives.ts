import { type Format, newDraft } from "./format.ts";
import { setSeverity } from "./severity-text.ts";
import { scanTime } from "./time/scan.ts";

const NAME = "update-alternatives ";

/** Debian's alternatives.log: `update-alternatives 2026-11-21 10:41:07: link group … updated`. */
export const alternatives: Format = {
  name: "alternatives",
  isSingleLine: true,
  detect: (line) => line.startsWith(NAME),
  parse(line, clock) {
    const time = line.startsWith(NAME) ? scanTime(line, NAME.length, clock) : undefined;
    if (time === undefined || !line.startsWith(": ", time.end)) return undefined;
    const draft = newDraft();
    draft.timestamp = time.nanoseconds;
    draft.service = "update-alternatives";
    draft.body = line.slice(time.end + 2);
    setSeverity(draft, 9);
    return draft;
  },
};
