import type { Format } from "./format.ts";
import { layoutFormat } from "./layout.ts";

const lines = layoutFormat("nginx-error", (line) => line[4] === "/" && line.indexOf(" [") === 19, [
  "%time [%level] %pid#%tid: %message",
]);

/** nginx' error log: `2026/11/21 10:41:07 [error] 12#12: *5 open() failed, client: 192.0.2.1, server: _`. */
export const nginxError: Format = {
  ...lines,
  parse(line, clock) {
    const draft = lines.parse(line, clock);
    const client = draft && /, client: ([\da-fA-F.:]{2,45})(?:,|$)/.exec(draft.body);
    if (client) draft.attributes.push("client.address", client[1]!);
    return draft;
  },
};
