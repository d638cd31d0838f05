/** A number of this many digits may lie beyond 2^53, from where doubles skip whole numbers. */
const LONG = 16;

/**
 * `JSON.parse` that answers long whole numbers as texts of all their digits: ids and nanoseconds survive.
 * Texts without sixteen digits in a row, nearly all, cost a look at every sixteenth character more than `JSON.parse`.
 *
 * @throws SyntaxError when the text is not JSON
 * @example
 * parseJson('{"dd.trace_id":12345678901234567890}'); // { "dd.trace_id": "12345678901234567890" }
 */
export function parseJson(text: string): unknown {
  return JSON.parse(hasLongNumber(text) ? quoteLongIntegers(text) : text);
}

/** Whether there are {@link LONG} digits in a row: one of them then stands at a multiple of that. */
function hasLongNumber(text: string): boolean {
  for (let at = LONG - 1; at < text.length; at += LONG) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let start = at;
    while (isDigit(text.charCodeAt(start - 1))) start--;
    let end = at + 1;
    while (isDigit(text.charCodeAt(end))) end++;
    if (isLong(text, start, end)) return true;
  }
  return false;
}

/** Whether digits may be more than a double holds; the microseconds since 1970 are not, until 2255. */
function isLong(text: string, start: number, end: number): boolean {
  return end - start > LONG || (end - start === LONG && text.charCodeAt(start) === NINE);
}

/** 2^53 is 9,007,199,254,740,992. */
const NINE = 57;
const QUOTE = 34;
const BACKSLASH = 92;
const MINUS = 45;

function quoteLongIntegers(text: string): string {
  let out = "";
  let kept = 0;
  let at = 0;
  while (at < text.length) {
    const c = text.charCodeAt(at);
    if (c === QUOTE) {
      at = endOfString(text, at);
    } else if (isDigit(c)) {
      const start = at > 0 && text.charCodeAt(at - 1) === MINUS ? at - 1 : at;
      let end = at;
      while (isDigit(text.charCodeAt(end))) end++;
      const next = text[end];
      const isInteger = next !== "." && next !== "e" && next !== "E" && text[at] !== "0";
      const isAlone = start === 0 || !/[.eE+\w]/.test(text[start - 1]!);
      if (isInteger && isAlone && isLong(text, at, end)) {
        out += `${text.slice(kept, start)}"${text.slice(start, end)}"`;
        kept = end;
      }
      at = end;
    } else at++;
  }
  return out + text.slice(kept);
}

/** Behind the closing quote of the string that opens at `start`. */
function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === BACKSLASH) at++;
    else if (c === QUOTE) return at + 1;
  }
  return text.length;
}

function isDigit(c: number): boolean {
  return c >= 48 && c <= 57;
}
