import type { Attributes } from "../../record/record.ts";

/** A label and its quoted value: `job="a\"b"`. */
const LABEL = /\s*([A-Za-z_][\w.:-]{0,1023})\s*=\s*("(?:[^"\\]|\\.)*"|`[^`]*`)\s*(,|\}|$)/sy;

/**
 * The pairs in Loki's text form of labels, `undefined` when it is malformed. Linear in its length.
 *
 * Source: Loki, "LogQL", log stream selector; values are quoted as in Go.
 *
 * @example
 * parseLabels('{job="shop", level="warn"}'); // ["job", "shop", "level", "warn"]
 */
export function parseLabels(text: string): Attributes | undefined {
  if (!text.startsWith("{") || !text.endsWith("}")) return undefined;
  if (text.length === 2) return [];
  const pairs: string[] = [];
  LABEL.lastIndex = 1;
  for (;;) {
    const found = LABEL.exec(text);
    if (found === null) return undefined;
    pairs.push(found[1]!, unquote(found[2]!));
    if (found[3] !== ",") return LABEL.lastIndex === text.length ? pairs : undefined;
  }
}

/** Escapes of Go's quoted texts. Source: The Go Programming Language Specification, "String literals". */
const ESCAPE = /\\(?:x([\dA-Fa-f]{2})|u([\dA-Fa-f]{4})|U([\dA-Fa-f]{8})|([0-7]{3})|(.))/gs;
const SHORT: Readonly<Record<string, string>> = {
  a: "\x07",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\v",
};

function unquote(quoted: string): string {
  const inner = quoted.slice(1, -1);
  if (quoted.startsWith("`") || !inner.includes("\\")) return inner;
  return inner.replace(
    ESCAPE,
    (_all, byte?: string, short?: string, long?: string, octal?: string, character = "") => {
      const hex = byte ?? short ?? long;
      if (hex === undefined && octal === undefined) return SHORT[character] ?? character;
      const code = hex === undefined ? Number.parseInt(octal!, 8) : Number.parseInt(hex, 16);
      return code > 0x10ffff ? "\ufffd" : String.fromCodePoint(code);
    },
  );
}
