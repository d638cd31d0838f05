import { type Format, newDraft } from "./format.ts";
import { setSeverityWord } from "./severity-text.ts";
import { scanTime } from "./time/scan.ts";

const LEVEL = /^\] \[(?:([\w-]{0,64}):)?([a-z]{3,8})\d?\] /;
const PROCESS = /^\[pid (\d{1,10})(?::tid (\d{1,20}))?\] /;
const CLIENT = /^(?:\([^)]{1,32}\)[^:]{1,200}: )?\[client ([^\s\]]{1,64}:\d{1,5})\] /;

/**
 * Apache's error log: `[Sat Nov 21 10:41:07.123456 2026] [core:error] [pid 12:tid 34] [client 192.0.2.1:5] AH00001: …`.
 * Source: Apache HTTP Server 2.4, `ErrorLogFormat`.
 */
export const apacheError: Format = {
  name: "apache-error",
  detect: (line) => /^\[[A-Z][a-z]{2} /.test(line),
  parse(line, clock) {
    const time = scanTime(line, 1, clock);
    if (time === undefined) return undefined;
    let rest = line.slice(time.end);
    const level = LEVEL.exec(rest);
    const draft = newDraft();
    if (level === null || !setSeverityWord(draft, level[2]!)) return undefined;
    rest = rest.slice(level[0].length);
    draft.timestamp = time.nanoseconds;
    draft.logger = level[1] ?? "";
    const process = PROCESS.exec(rest);
    if (process !== null) {
      draft.attributes.push("process.pid", process[1]!);
      if (process[2]) draft.attributes.push("thread.id", process[2]);
      rest = rest.slice(process[0].length);
    }
    const client = CLIENT.exec(rest);
    if (client !== null) {
      const colon = client[1]!.lastIndexOf(":");
      draft.attributes.push(
        "client.address",
        client[1]!.slice(0, colon),
        "client.port",
        client[1]!.slice(colon + 1),
      );
    }
    draft.body = client?.index === 0 && rest.startsWith("[client") ? rest.slice(client[0].length) : rest;
    return draft;
  },
};
