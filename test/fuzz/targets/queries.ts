import {
  addFilter,
  completionAt,
  filterToSql,
  parseInstant,
  parseQuery,
  parseTimeRange,
  removePart,
  topLevelParts,
} from "../../../packages/server/src/query/index.ts";
import type { Target } from "../target.ts";

const NOW_MS = 1_795_257_667_000;
const QUERIES = [
  'level:>=warn card "card declined" -timeout',
  'service:(shop OR "cart") NOT (a b*c) /re[gx]+\\.?/i',
  'n:[1 TO 9} attributes.path:/x\\/y/ resource.host:* message:\\"',
  'level:unset "attributes.a.b":>=-5.5 duration:>10ms',
];
const WORDS = [
  ...[
    "AND",
    "OR",
    "NOT",
    "TO",
    "level:",
    "service:",
    "attributes.",
    "message:",
    ":>=",
    "[1 TO 9]",
    '"',
    "/",
    "/i",
    "(",
    ")",
  ],
  ...["*", "\\u{1F4A5}", "\\u{", "-", "(?i)", "[a-", "{1,5}", "(?:", "\\p{L}", "\\b"],
];

const query: Target = {
  name: "query",
  seeds: QUERIES,
  words: WORDS,
  decode(input, random) {
    const text = input.toString("utf8");
    const target = random.once(3) ? "traces" : "logs";
    const offset = random.below(text.length + 1);
    const completion = completionAt(text, offset);
    if (completion !== null) checkRange(completion.from, completion.to, text);
    const result = parseQuery(text, { target });
    if (!result.ok) {
      checkRange(result.error.start, result.error.end, text);
      return;
    }
    const { sql, parameters } = filterToSql(result.tree, target);
    for (const [, name] of sql.matchAll(/\{(\w+):/g)) {
      if (!(name! in parameters)) throw new Error(`the parameter ${name} is missing`);
    }
    const parts = topLevelParts(result.tree, text);
    for (const part of parts) checkRange(part.start, part.end, text);
    // All of hundreds would take longer than everything else.
    if (parts.length > 0) checkParses(removePart(text, random.pick(parts), target), target);
    // What a click on a value makes of a query that is right must be right, too.
    if (text.length < 8_000)
      checkParses(addFilter(text, "a.b", text.slice(0, offset), false, target), target);
  },
};

function checkRange(start: number, end: number, text: string): void {
  if (!(start >= 0 && start <= end && end <= text.length)) {
    throw new Error(`${start} to ${end} of a text of ${text.length}`);
  }
}

/** How the parser says that a query is right, but too much. */
const LIMIT = /^The query (?:has \d+ characters|has more than|is nested more than)/;

function checkParses(text: string, target: "logs" | "traces"): void {
  const result = parseQuery(text, { target });
  if (result.ok || LIMIT.test(result.error.message)) return;
  throw new Error(`an edit made ${JSON.stringify(text)}: ${result.error.message}`);
}

const times: Target = {
  name: "time-range",
  seeds: [
    "now-15m",
    "last 2 hours",
    "yesterday 14:00 to 15:00",
    "2026-11-20T14:00:00+01:00 .. now",
    "this week",
  ],
  words: [
    "now",
    "-15m",
    " to ",
    "..",
    "today",
    "yesterday",
    "monday",
    "2026-11-20",
    "14:00",
    "last ",
    "past ",
    "Z",
  ],
  decode(input) {
    const text = input.toString("utf8");
    for (const zone of ["utc", "local"] as const) {
      const instant = parseInstant(text, NOW_MS, zone);
      if (instant.ok && !Number.isFinite(instant.time)) throw new Error(`${instant.time} is no time`);
      const result = parseTimeRange(text, NOW_MS, zone);
      if (result.ok && !(result.range.from <= result.range.to))
        throw new Error("a range that ends before it begins");
    }
  },
};

export const QUERIES_AND_TIMES: readonly Target[] = [query, times];
