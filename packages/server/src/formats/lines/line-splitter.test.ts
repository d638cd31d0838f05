import fc from "fast-check";
import { expect, test } from "vitest";
import { LineSplitter, type SplitLine } from "./line-splitter.ts";

function split(chunks: readonly Uint8Array[], maxLineBytes?: number): SplitLine[] {
  const lines: SplitLine[] = [];
  const splitter = new LineSplitter(0, maxLineBytes);
  for (const chunk of chunks) splitter.push(chunk, (line) => lines.push(line));
  splitter.end((line) => lines.push(line));
  return lines;
}
const texts = (lines: readonly SplitLine[]): string[] => lines.map((line) => line.text);
const bytes = (text: string): Buffer => Buffer.from(text);

test.each([
  ["", []],
  ["a", ["a"]],
  ["a\n", ["a"]],
  ["a\nb", ["a", "b"]],
  ["a\r\nb\r\n", ["a", "b"]],
  ["\n\na", ["", "", "a"]],
  ["\uFEFFa\nb", ["a", "b"]],
  ["\0\0\0a\n", ["a"]],
  ["a\rb\n", ["a\rb"]],
])("%j", (text, expected) => {
  expect(texts(split([bytes(text)]))).toEqual(expected);
});

test("chunks may end anywhere, within a character as well", () => {
  fc.assert(
    fc.property(
      fc.array(fc.string({ unit: "grapheme" }).map((line) => line.replace(/[\r\n\0\uFEFF]/g, ""))),
      fc.array(fc.nat(40)),
      (lines, sizes) => {
        const all = bytes(lines.map((line) => `${line}\n`).join(""));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const size of sizes) {
          chunks.push(all.subarray(at, at + size));
          at += size;
        }
        chunks.push(all.subarray(at));
        const result = split(chunks);
        expect(texts(result)).toEqual(lines);
        expect(result.at(-1)?.end ?? 0).toBe(all.length);
      },
    ),
  );
});

test("replaces what is not UTF-8", () => {
  expect(texts(split([Buffer.from([0x61, 0xff, 0x62, 0x0a, 0xc3, 0x0a])]))).toEqual(["a\uFFFDb", "\uFFFD"]);
});

test("cuts a line that is too long between two characters, counts the rest, and goes on", () => {
  const splitter = new LineSplitter(0, 8);
  const lines: Pick<SplitLine, "text" | "end" | "cutBytes">[] = [];
  for (const byte of bytes(`1234567é${"x".repeat(1000)}\nnext\n`)) {
    splitter.push(Uint8Array.of(byte), ({ text, end, cutBytes }) => lines.push({ text, end, cutBytes }));
  }
  expect(lines).toEqual([
    { text: "1234567", end: 1010, cutBytes: 1001 },
    { text: "next", end: 1015, cutBytes: 0 },
  ]);
  expect(splitter.droppedBytes).toBe(1001);
});

test("a gigabyte without an end of line takes a megabyte", () => {
  const splitter = new LineSplitter();
  const chunk = Buffer.alloc(1 << 20, "x");
  const before = process.memoryUsage().arrayBuffers;
  let lines = 0;
  for (let n = 0; n < 1024; n++) splitter.push(chunk, () => lines++);
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(8 << 20);
  expect(lines).toBe(0);
  splitter.end((line) => {
    expect(line.text).toHaveLength(1 << 20);
    expect(line.cutBytes).toBe(1023 * (1 << 20));
  });
});
