import { describe, expect, test } from "vitest";
import { FORMATS } from "./formats.ts";
import { LineAssembler } from "./lines/line-assembler.ts";
import { plain } from "./plain.ts";
import { UTC } from "./time/zone.ts";

const clock = { zone: UTC, reference: Date.UTC(2026, 10, 21) };
const LENGTH = 128 << 10;

/** Beginnings that lead a parser far into the line, and what might make it go back. */
const beginnings = [
  ...[
    "",
    "2026-11-21T10:00:00Z ",
    "2026-11-21 10:00:00,123 ",
    "[2026-11-21 10:00:00] ",
    "Nov 21 10:00:00 host ",
  ],
  ...[
    "<13>1 2026-11-21T10:00:00Z h a p m ",
    "<13>1 2026-11-21T10:00:00Z h a p m [a ",
    "<13>Nov 21 10:00:00 ",
  ],
  ...['127.0.0.1 - - [21/Nov/2026:10:00:00 +0000] "', "127.0.0.1 ", "level=info msg=", 'a="', '{"a":', "{"],
  ...["I1121 10:00:00.000000 1 ", "2026.11.21 10:00:00 [ 1 ] {", "1:M 21 Nov 2026 10:00:00.000 ", "WARNING:"],
  ...[
    "[Sat Nov 21 10:00:00 2026] [",
    "2026-11-21T10:00:00.000Z INFO  [N] app [A(",
    "Start-Date: ",
    "panic: ",
  ],
  ...[
    "2026-11-21 10:00:00.000  INFO 1 --- [",
    "thread '",
    "/",
    'Exception in thread "',
    "2026-11-21 10:00:00 UTC [1] ",
  ],
];
const fillers = [
  " ",
  "a",
  "1",
  "a ",
  "[",
  "]",
  '"',
  "\\",
  ":",
  ".",
  "a.",
  "=",
  "a=b ",
  "(",
  "{",
  '{"a":',
  "-",
  "\t",
  "a:",
  "Error",
  "\x1b[",
];

describe.each([...FORMATS, plain].map((format) => [format.name, format] as const))("%s", (_name, format) => {
  test("takes time in proportion to a line's length", { timeout: 120_000 }, () => {
    for (const beginning of beginnings) {
      for (const filler of fillers) {
        const line = beginning + filler.repeat(LENGTH / filler.length);
        const begun = process.cpuUsage();
        if (format.detect(line)) format.parse(line, clock);
        const { user } = process.cpuUsage(begun);
        // Quadratic would be many seconds; the slowest honest ones make 40,000 attributes in some 20 ms.
        expect(user / 1000, `${beginning}${filler}…`).toBeLessThan(500);
      }
    }
  });
});

test("joining takes time in proportion, too", { timeout: 120_000 }, () => {
  const begun = process.cpuUsage();
  for (const filler of [
    "\n",
    " \n",
    "  at x\n",
    "a\n",
    "Traceback (most recent call last):\n",
    "Error: \n",
    "\tx\n",
    "Caused by: \n",
  ]) {
    const assembler = new LineAssembler({ zone: UTC, now: () => 0n });
    assembler.push(Buffer.from(`ERROR: x\n${filler.repeat(300_000 / filler.length)}`));
    assembler.end();
  }
  expect(process.cpuUsage(begun).user / 1000).toBeLessThan(5000);
});
