import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import * as query from "./index.ts";
import { instantText } from "./instant.ts";
import { severitiesOf } from "./level.ts";
import { checkRegex } from "./regex.ts";
import { lengthOf } from "./time/length.ts";

const SCOPE = { ...query, instantText, severitiesOf, checkRegex, lengthOf };

interface Example {
  readonly file: string;
  /** The example's lines up to the expression. */
  readonly before: string;
  readonly expression: string;
  readonly expected: string;
}

/** The lines `expression; // value` of a file's `@example` blocks. */
function examplesOf(file: string): readonly Example[] {
  const source = readFileSync(new URL(file, import.meta.url), "utf8");
  return [...source.matchAll(/ \* @example\n(.*?)\n \*\//gs)].flatMap(([, block = ""]) => {
    const lines = block.split("\n").map((line) => line.replace(/^ \* /, ""));
    return lines.flatMap((line, index) => {
      const [, expression, expected] = /^(.*); \/\/ (.*)$/.exec(line) ?? [];
      if (expression === undefined || expected === undefined) return [];
      const before = lines
        .slice(0, index)
        .filter((other) => other.startsWith("const "))
        .join("\n");
      return [{ file, before, expression, expected: expected.replace(", …", "") }];
    });
  });
}

const FILES = readdirSync(new URL(".", import.meta.url), { recursive: true, encoding: "utf8" }).filter(
  (file) => file.endsWith(".ts") && !file.endsWith(".test.ts"),
);

test.each(FILES.flatMap(examplesOf))(
  "$file: $expression is $expected",
  ({ before, expression, expected }) => {
    const run = new Function(...Object.keys(SCOPE), `${before}\nreturn [${expression}, ${expected}];`);
    const [value, wanted] = run(...Object.values(SCOPE));
    if (typeof wanted === "object" && !Array.isArray(wanted)) expect(value).toMatchObject(wanted);
    else expect(value).toEqual(wanted);
  },
);
