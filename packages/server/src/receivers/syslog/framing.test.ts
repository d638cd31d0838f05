import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SyslogFraming } from "./framing.ts";

const MIB = 1 << 20;

/** The messages of a stream that comes in these chunks. */
function messages(...chunks: (string | Buffer)[]): string[] {
  const found: string[] = [];
  const framing = new SyslogFraming((text, _bytes, cut) =>
    found.push(cut > 0 ? `${text.length}+${cut}` : text),
  );
  for (const chunk of chunks) framing.push(Buffer.from(chunk));
  framing.end();
  expect(framing.heldBytes).toBe(0);
  return found;
}

const counted = (text: string) => `${Buffer.byteLength(text)} ${text}`;

describe("a stream of syslog", () => {
  it.each<[what: string, stream: string, expected: string[]]>([
    ["lines", "<1>a\n<1>b\r\n<1>c\n", ["<1>a", "<1>b", "<1>c"]],
    ["lines that end with NUL", "<1>a\0<1>b\0", ["<1>a", "<1>b"]],
    ["both", "<1>a\n<1>b\0<1>c\n", ["<1>a", "<1>b", "<1>c"]],
    ["a last line without an end", "<1>a\n<1>b", ["<1>a", "<1>b"]],
    ["counted octets", counted("<1>a\nb") + counted("<1>€"), ["<1>a\nb", "<1>€"]],
    [
      "counted octets and lines in turn",
      `${counted("<1>a")}<1>b\n${counted("<1>c")}`,
      ["<1>a", "<1>b", "<1>c"],
    ],
    ["counted octets with a newline each", `${counted("<1>a")}\n${counted("<1>b")}\n`, ["<1>a", "<1>b"]],
    [
      "lines that begin with a number",
      "2026 was\n7\n12345678901 <1>\n",
      ["2026 was", "7", "12345678901 <1>"],
    ],
    ["a count that is too small", "4 <1>abc\n4 <1>d", ["<1>a", "bc", "<1>d"]],
    ["a count that is too large", "20 <1>abc\n", ["<1>abc"]],
    ["empty lines", "\n\n\r\n<1>a\n", ["<1>a"]],
    ["nothing", "", []],
  ])("has %s", (_what, stream, expected) => {
    expect(messages(stream)).toEqual(expected);
    expect(messages(...[...Buffer.from(stream)].map((byte) => Buffer.of(byte)))).toEqual(expected);
  });

  it("cuts long messages, counts what is over and goes on behind them", () => {
    const long = "x".repeat(3 * MIB);
    const half = long.length / 2;
    const line = `<1>${long}\n<1>b\n`;
    expect(messages(line)).toEqual([`${MIB}+${2 * MIB + 3}`, "<1>b"]);
    expect(messages(line.slice(0, half), line.slice(half))).toEqual([`${MIB}+${2 * MIB + 3}`, "<1>b"]);
    expect(messages(counted(`<1>${long}`) + counted("<1>b"))).toEqual([`${MIB}+${2 * MIB + 3}`, "<1>b"]);
    expect(messages(`<1>${long}`)).toEqual([`${MIB}+${2 * MIB + 3}`]);
  });

  it("holds no more than a message, however long it gets without an end", () => {
    const framing = new SyslogFraming(() => {});
    const chunk = Buffer.alloc(64 << 10, "x");
    let most = 0;
    for (let i = 0; i < 1024; i++) {
      framing.push(chunk);
      most = Math.max(most, framing.heldBytes);
    }
    expect(most).toBeLessThanOrEqual(MIB + chunk.length);
  });

  it("replaces what isn't UTF-8", () => {
    expect(messages(Buffer.from([0x3c, 0x31, 0x3e, 0xff, 0xfe, 0x0a]))).toEqual(["<1>\uFFFD\uFFFD"]);
  });

  it("is cut into the same messages whatever its chunks", () => {
    const part = fc.oneof(
      fc.string({ maxLength: 20 }).map((text) => `<1>${text}\n`),
      fc.string({ maxLength: 20 }).map((text) => counted(`<1>${text}`)),
      fc.constantFrom("7", "12 ", "9 <", "\0", "\n", "0 <1>"),
    );
    fc.assert(
      fc.property(fc.array(part), fc.array(fc.nat(40)), (parts, cuts) => {
        const stream = Buffer.from(parts.join(""));
        const chunks: Buffer[] = [];
        let at = 0;
        for (const cut of cuts) {
          chunks.push(stream.subarray(at, at + cut));
          at += cut;
        }
        chunks.push(stream.subarray(at));
        expect(messages(...chunks)).toEqual(messages(stream));
      }),
      { numRuns: 2000 },
    );
  });
});
