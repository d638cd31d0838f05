const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

/** Bytes between two chances for others to have their turn. */
const BYTES_PER_YIELD = 64 << 10;

/**
 * Hot path. Takes a body apart into its JSON values: objects that follow one another, with or without anything
 * between them, and the elements of lists. Looks at brackets and strings only: what is between them is for the
 * parser of the values, and a bad one spoils only itself.
 *
 * Gives `undefined` now and then, which is none.
 *
 * @example
 * [...jsonValues(Buffer.from('{"a":1}{"b":[2]}'))].map(String); // ['{"a":1}', '{"b":[2]}']
 */
export function* jsonValues(bytes: Buffer): Generator<Buffer | undefined> {
  let nextYield = BYTES_PER_YIELD;
  let listDepth = 0;
  let at = 0;
  while (at < bytes.length) {
    const c = bytes[at]!;
    if (c <= BLANK || c === COMMA) {
      at++;
    } else if (c === OPEN_BRACKET && listDepth === 0) {
      listDepth = 1;
      at++;
    } else if (c === CLOSE_BRACKET && listDepth === 1) {
      listDepth = 0;
      at++;
    } else {
      const start = at;
      const isNested = c === OPEN_BRACE || c === OPEN_BRACKET;
      let depth = 0;
      while (at < bytes.length) {
        if (at >= nextYield) {
          nextYield = at + BYTES_PER_YIELD;
          yield undefined;
        }
        const inner = bytes[at]!;
        if (inner === QUOTE) {
          at++;
          while (at < bytes.length && bytes[at] !== QUOTE) {
            at += bytes[at] === BACKSLASH ? 2 : 1;
            if (at < nextYield) continue;
            nextYield = at + BYTES_PER_YIELD;
            yield undefined;
          }
          at = Math.min(at + 1, bytes.length);
          if (depth === 0) break;
          continue;
        }
        if (!isNested && at > start && isEndOfScalar(inner)) break;
        at++;
        if (inner === OPEN_BRACE || inner === OPEN_BRACKET) depth++;
        else if ((inner === CLOSE_BRACE || inner === CLOSE_BRACKET) && --depth <= 0) break;
      }
      yield bytes.subarray(start, at);
    }
    if (at >= nextYield) {
      nextYield = at + BYTES_PER_YIELD;
      yield undefined;
    }
  }
}

function isEndOfScalar(c: number): boolean {
  return c <= BLANK || c === COMMA || c === OPEN_BRACE || c === OPEN_BRACKET || c === CLOSE_BRACKET;
}
