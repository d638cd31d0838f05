import { type Format, newDraft } from "./format.ts";
import { setSeverity } from "./severity-text.ts";
import { scanTime } from "./time/scan.ts";

const STATUS =
  /^status (not-installed|config-files|half-installed|unpacked|half-configured|triggers-awaited|triggers-pending|installed) (\S{1,256}) (\S{1,256})$/;
const ACTION =
  /^(install|upgrade|configure|trigproc|disappear|remove|purge) (\S{1,256}) (\S{1,256}) (\S{1,256})$/;
const OTHER = /^(?:startup \S+ \S+|conffile .+ (?:keep|install))$/;

/**
 * dpkg's log: `2026-11-21 10:41:07 status installed libc6:amd64 2.36-9`.
 * Source: dpkg(1), "FILES", /var/log/dpkg.log.
 */
export const dpkg: Format = {
  name: "dpkg",
  isSingleLine: true,
  detect: (line) => /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [a-z]+ /.test(line),
  parse(line, clock) {
    const time = scanTime(line, 0, clock);
    if (time === undefined || time.end !== 19 || line.length > 1024) return undefined;
    const text = line.slice(20);
    const status = STATUS.exec(text);
    const action = status === null ? ACTION.exec(text) : null;
    if (status === null && action === null && !OTHER.test(text)) return undefined;
    const draft = newDraft();
    draft.timestamp = time.nanoseconds;
    draft.body = text;
    draft.service = "dpkg";
    setSeverity(draft, 9);
    if (status !== null) {
      draft.attributes.push(
        ...["dpkg.action", "status", "dpkg.state", status[1]!],
        ...["package.name", status[2]!, "package.version", status[3]!],
      );
    } else if (action !== null) {
      const [, name, pack, before, after] = action;
      draft.attributes.push("dpkg.action", name!, "package.name", pack!);
      if (before !== "<none>") draft.attributes.push("package.version.before", before!);
      if (after !== "<none>") draft.attributes.push("package.version", after!);
    } else draft.attributes.push("dpkg.action", text.slice(0, text.indexOf(" ")));
    return draft;
  },
};
