import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createLineSplitter } from "./line-splitter.ts";

function split(chunks: readonly (string | Uint8Array)[], most?: number): string[] {
  const splitter = createLineSplitter(most);
  return [...chunks.flatMap((chunk) => splitter.push(Buffer.from(chunk))), ...splitter.end()];
}

describe("lines of a stream", () => {
  it.each<[string, (string | Uint8Array)[], string[]]>([
    ["whole", ["a\nb\n"], ["a", "b"]],
    ["over chunks", ["a", "b\nc", "\n"], ["ab", "c"]],
    ["with Windows' ends", ["a\r", "\nb\r\n"], ["a", "b"]],
    ["without an end", ["a\nb"], ["a", "b"]],
    ["that are empty", ["\n\na\n"], ["", "", "a"]],
    ["cut within a character", [Buffer.from("é\n").subarray(0, 1), Buffer.from("é\n").subarray(1)], ["é"]],
    ["none at all", [], []],
  ])("come out %s", (_, chunks, expected) => expect(split(chunks)).toEqual(expected));

  it("are cut when they are too long, and say by how much", () => {
    expect(split(["x".repeat(8), "y".repeat(7), "\nz\n"], 10)).toEqual([
      `${"x".repeat(8)}yy… [5 more characters left out]`,
      "z",
    ]);
  });

  it("are the same however the stream is cut", () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: "grapheme" })), (chunks) => {
        expect(split(chunks)).toEqual(split([chunks.join("")]));
      }),
    );
  });
});
