import { type Format, newDraft } from "./format.ts";
import { setSeverity } from "./severity-text.ts";
import { scanTime } from "./time/scan.ts";

const START = "Start-Date: ";
/** The fields of a stanza. Source: apt, `pkgDPkgPM::OpenLog` and `CloseLog`. */
const FIELD =
  /^(Commandline|Requested-By|Comment|Install|Reinstall|Upgrade|Downgrade|Remove|Purge|Error|End-Date|Disappeared): /;

/** apt's history.log: a stanza of lines for each run. */
export const aptHistory: Format = {
  name: "apt-history",
  detect: (line) => line.startsWith(START),
  parse(line, clock) {
    const time = line.startsWith(START) ? scanTime(line, START.length, clock) : undefined;
    if (time === undefined) return undefined;
    const draft = newDraft();
    draft.timestamp = time.nanoseconds;
    draft.service = "apt";
    draft.body = line;
    setSeverity(draft, 9);
    return draft;
  },
  continues: (line) => FIELD.test(line),
  extend(draft, lines) {
    const changes: string[] = [];
    for (const line of lines) {
      const name = FIELD.exec(line)?.[1];
      const value = line.slice((name?.length ?? 0) + 2);
      if (name === "Commandline") draft.body = value;
      else if (name === "Requested-By") draft.attributes.push("user.name", value);
      else if (name === "Error") {
        setSeverity(draft, 17);
        changes.push(line);
      } else if (name !== "End-Date") changes.push(line);
    }
    if (changes.length > 0) draft.body += `\n${changes.join("\n")}`;
  },
};
