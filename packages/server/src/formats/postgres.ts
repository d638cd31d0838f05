import type { Format } from "./format.ts";
import { layoutFormat } from "./layout.ts";

/** What PostgreSQL writes after an error, with the error's own time and process. */
const SUPPLEMENT = /^.{10,80}\] (?:\S{1,128} )?(?:DETAIL|HINT|STATEMENT|CONTEXT|QUERY|LOCATION): /;

const lines = layoutFormat("postgres", (line) => /^\d{4}-.{10,60} \[\d/.test(line), [
  "%time [%pid] %level: %message",
  "%time [%pid] %skip %level: %message",
]);

/** PostgreSQL's stderr log with the default `log_line_prefix` of `%m [%p] ` or with user and database behind. */
export const postgres: Format = {
  ...lines,
  continues: (line) => SUPPLEMENT.test(line),
  extend(draft, more) {
    for (const line of more)
      draft.body += `\n${SUPPLEMENT.test(line) ? line.slice(line.indexOf("] ") + 2) : line}`;
  },
};
