import type { Format } from "./format.ts";
import { FieldReader } from "./json/fields.ts";
import { meaningOf } from "./json/roles.ts";

const MAX_BARE_WORDS = 8;

/**
 * logfmt, as logrus, go-kit, Heroku, Grafana and others write it: `time=… level=info msg="ready" port=80`.
 * Source: brandur.org/logfmt; there is no standard.
 */
export const logfmt: Format = {
  name: "logfmt",
  detect: (line) => /^[\w@.-]{1,64}=/.test(line),
  parse(line, clock) {
    const fields = new FieldReader(clock);
    let pairs = 0;
    let known = 0;
    let bare = 0;
    for (const { name, value, hasValue } of pairsOf(line)) {
      if (hasValue) pairs++;
      else if (++bare > MAX_BARE_WORDS) return undefined;
      if (meaningOf(name) !== undefined) known++;
      fields.add(name, hasValue ? value : "true");
    }
    // `a=b and so on` is a sentence, and `PATH=/bin` a shell's variable.
    return pairs >= 2 && known >= 1 && bare <= pairs ? fields.finish(line) : undefined;
  },
};

interface Pair {
  readonly name: string;
  readonly value: string;
  readonly hasValue: boolean;
}

function* pairsOf(line: string): Generator<Pair> {
  let at = 0;
  while (at < line.length) {
    if (line.charCodeAt(at) <= 32) {
      at++;
      continue;
    }
    const start = at;
    while (at < line.length && line.charCodeAt(at) > 32 && line[at] !== "=") at++;
    const name = line.slice(start, at);
    if (line[at] !== "=") {
      yield { name, value: "", hasValue: false };
      continue;
    }
    at++;
    if (line[at] === '"') {
      const end = closingQuote(line, at);
      yield { name, value: unquote(line.slice(at, end)), hasValue: true };
      at = end;
    } else {
      const from = at;
      while (at < line.length && line.charCodeAt(at) > 32) at++;
      yield { name, value: line.slice(from, at), hasValue: true };
    }
  }
}

/** Behind the quote that closes the one at `start`, or the line's end. */
function closingQuote(line: string, start: number): number {
  for (let at = start + 1; at < line.length; at++) {
    const c = line.charCodeAt(at);
    if (c === 92) at++;
    else if (c === 34) return at + 1;
  }
  return line.length;
}

/** Go's quoting is JSON's for all that logs hold; what isn't is taken as it stands. */
function unquote(text: string): string {
  if (!text.includes("\\")) return text.endsWith('"') && text.length > 1 ? text.slice(1, -1) : text.slice(1);
  try {
    return String(JSON.parse(text));
  } catch {
    return text.slice(1, text.endsWith('"') ? -1 : undefined);
  }
}
