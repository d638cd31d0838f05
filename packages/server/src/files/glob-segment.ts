/** One character's worth of a pattern. */
type Token =
  | "*"
  | "?"
  | { readonly isNot: boolean; readonly ranges: readonly (readonly [string, string])[] }
  | string;

/**
 * A test for names by one segment of a glob: `*`, `?`, `[a-z]`, `[!a]`. A name that begins with a dot needs a
 * pattern that does. Takes at most (length of the name) × (length of the pattern) steps, which a regular
 * expression with many stars would not.
 *
 * @example
 * segmentMatcher("*.log")("app.log"); // true
 */
export function segmentMatcher(segment: string): (name: string) => boolean {
  const tokens = tokenize(segment);
  return (name) => (name[0] !== "." || segment[0] === ".") && matches(tokens, name);
}

function tokenize(segment: string): readonly Token[] {
  const tokens: Token[] = [];
  for (let at = 0; at < segment.length; at++) {
    const c = segment[at]!;
    const set = c === "[" ? /^\[([!^]?)(\]?[^\]]*)\]/.exec(segment.slice(at, at + 256)) : null;
    if (set !== null && set[2] !== "") {
      const ranges = [...set[2]!.matchAll(/(.)-(.)|(.)/gs)].map(([, from, to, alone]): [string, string] => [
        from ?? alone!,
        to ?? alone!,
      ]);
      tokens.push({ isNot: set[1] !== "", ranges });
      at += set[0].length - 1;
    } else if (c === "*" || c === "?") tokens.push(c);
    else tokens.push(`=${c}`);
  }
  return tokens;
}

/** Goes back to the last star only: what an earlier one could take, the last could have taken as well. */
function matches(tokens: readonly Token[], name: string): boolean {
  let token = 0;
  let at = 0;
  let star = -1;
  let starAt = 0;
  while (at < name.length) {
    const expected = tokens[token];
    if (expected === "*") {
      star = token++;
      starAt = at;
    } else if (expected !== undefined && fits(expected, name[at]!)) {
      token++;
      at++;
    } else if (star >= 0) {
      token = star + 1;
      at = ++starAt;
    } else return false;
  }
  while (tokens[token] === "*") token++;
  return token === tokens.length;
}

function fits(token: Token, c: string): boolean {
  if (typeof token === "string") return token === "?" || token === `=${c}`;
  return token.ranges.some(([from, to]) => c >= from && c <= to) !== token.isNot;
}
