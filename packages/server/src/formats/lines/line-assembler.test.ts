import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { LogRecord } from "../../record/record.ts";
import { UTC } from "../time/zone.ts";
import { MAX_RECORD_LINES } from "./joiner.ts";
import { LineAssembler, type LineAssemblerOptions } from "./line-assembler.ts";

const options: LineAssemblerOptions = { zone: UTC, now: () => 1_795_257_667_000_000_000n };

function assemble(text: string, more: Partial<LineAssemblerOptions> = {}): LogRecord[] {
  const assembler = new LineAssembler({ ...options, ...more });
  return [...assembler.push(Buffer.from(text)), ...assembler.end()];
}
const bodies = (records: readonly LogRecord[]): string[] => records.map((record) => record.body);
function attribute(record: LogRecord | undefined, name: string): string | undefined {
  const at = record?.attributes.indexOf(name) ?? -1;
  return at < 0 ? undefined : record!.attributes[at + 1];
}

const samples = join(import.meta.dirname, "../testdata/samples");
const everything = Buffer.concat(
  readdirSync(samples)
    .filter((name) => name.endsWith(".log"))
    .map((name) => readFileSync(join(samples, name))),
);

test("chunks may end anywhere", () => {
  const whole = assemble(everything.toString());
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 5000 }), { maxLength: 200 }), (sizes) => {
      const assembler = new LineAssembler(options);
      const records: LogRecord[] = [];
      let at = 0;
      for (const size of sizes) {
        records.push(...assembler.push(everything.subarray(at, at + size)));
        at += size;
      }
      records.push(...assembler.push(everything.subarray(at)), ...assembler.end());
      expect(records).toEqual(whole);
      expect(assembler.consumed).toBe(everything.length);
    }),
    { numRuns: 20 },
  );
});

describe("what belongs together", () => {
  test.each([
    [
      "indented lines",
      "level=info msg=a\n  more\n\tand more\nlevel=info msg=b\n",
      ["a\n  more\n\tand more", "b"],
    ],
    ["empty lines only inside", "a\n\n  b\n\n\nc\n", ["a\n\n  b", "c"]],
    ["plain lines are apart", "starting\nlistening\n", ["starting", "listening"]],
    [
      "an uncaught error behind a quiet line is apart",
      "INFO: ready\nTraceback (most recent call last):\n  File \"a\", line 1\nKeyError: 'x'\n",
      ["ready", "KeyError: 'x'"],
    ],
    [
      "an error printed behind a plain line is apart",
      "working\nError: gone\n    at a.js:1:1\n",
      ["working", "Error: gone"],
    ],
    ["JSON is complete in its line", '{"level":"info","msg":"a"}\n  indented\n', ["a", "  indented"]],
    ["colours are left out", "\x1b[32minfo\x1b[39m: \x1b[1mready\x1b[0m\n", ["ready"]],
  ])("%s", (_name, text, expected) => {
    expect(bodies(assemble(text))).toEqual(expected);
  });

  test("in a file of timed records a line without a time belongs to the one before", () => {
    const text =
      "2026-11-21 10:00:00 INFO a\n2026-11-21 10:00:01 INFO b\n2026-11-21 10:00:02 INFO c\nselect 1\nfrom t\n2026-11-21 10:00:03 INFO d\n";
    expect(bodies(assemble(text, { isFile: true }))).toEqual(["a", "b", "c\nselect 1\nfrom t", "d"]);
    expect(bodies(assemble(text))).toEqual(["a", "b", "c", "select 1", "from t", "d"]);
  });

  test("a record is full at a thousand lines, and nothing is lost", () => {
    const records = assemble(`a\n${"  x\n".repeat(2500)}`);
    expect(records).toHaveLength(3);
    expect(records.flatMap((record) => record.body.split("\n"))).toHaveLength(2501);
    expect(records[0]!.body.split("\n")).toHaveLength(MAX_RECORD_LINES + 1);
  });
});

describe("uncaught errors", () => {
  test.each([
    [
      "Python",
      'Traceback (most recent call last):\n  File "a.py", line 1, in <module>\nValueError: bad\n',
      "ValueError: bad",
      "ValueError",
      17,
    ],
    [
      "Node",
      "/srv/a.js:1\nthrow new TypeError('bad')\n^\n\nTypeError: bad\n    at a.js:1:7\n\nNode.js v20.20.2\n",
      "TypeError: bad",
      "TypeError",
      17,
    ],
    [
      "Java",
      'Exception in thread "main" java.lang.IllegalStateException: bad\n\tat M.main(M.java:3)\nCaused by: java.io.IOException: io\n\t... 2 more\n',
      'Exception in thread "main" java.lang.IllegalStateException: bad',
      "java.lang.IllegalStateException",
      17,
    ],
    [
      ".NET",
      "Unhandled exception. System.InvalidOperationException: bad\n   at Program.Main() in /src/Program.cs:line 1\n",
      "Unhandled exception. System.InvalidOperationException: bad",
      "System.InvalidOperationException",
      17,
    ],
    [
      "Go",
      "panic: bad\n\ngoroutine 1 [running]:\nmain.main()\n\t/srv/m.go:4 +0x1d\nexit status 2\n",
      "panic: bad",
      "panic",
      21,
    ],
    [
      "Rust",
      "thread 'main' panicked at src/main.rs:2:5:\nbad\nnote: run with `RUST_BACKTRACE=1`\n",
      "thread 'main' panicked at src/main.rs:2:5:",
      "panic",
      21,
    ],
    [
      "old Rust",
      "thread 'main' panicked at 'bad', src/main.rs:2:5\nnote: run with `RUST_BACKTRACE=1`\n",
      "thread 'main' panicked at 'bad', src/main.rs:2:5",
      "panic",
      21,
    ],
    [
      "Ruby",
      "a.rb:1:in `f': bad (RuntimeError)\n\tfrom a.rb:2:in `<main>'\n",
      "a.rb:1:in `f': bad (RuntimeError)",
      "RuntimeError",
      17,
    ],
  ])("%s", (_language, text, body, type, severity) => {
    const records = assemble(text);
    expect(bodies(records)).toEqual([body]);
    expect(records[0]!.severityNumber).toBe(severity);
    expect(attribute(records[0], "exception.type")).toBe(type);
    expect(attribute(records[0], "exception.message")).toBe("bad");
    expect(attribute(records[0], "exception.stacktrace")).toBe(text.trimEnd());
  });
});

describe("streaming", () => {
  test("a record waits for its next line, or for a flush", () => {
    const assembler = new LineAssembler(options);
    expect(assembler.push(Buffer.from("ERROR: a\n"))).toEqual([]);
    expect(assembler.hasPending).toBe(true);
    expect(assembler.consumed).toBe(0);
    expect(bodies(assembler.push(Buffer.from("ERROR: b\n  c\n")))).toEqual(["a"]);
    expect(assembler.consumed).toBe(9);
    expect(bodies(assembler.flush())).toEqual(["b\n  c"]);
    expect(assembler.consumed).toBe(22);
    expect(assembler.hasPending).toBe(false);
  });

  test("JSON doesn't wait", () => {
    expect(bodies(new LineAssembler(options).push(Buffer.from('{"msg":"a"}\n')))).toEqual(["a"]);
  });

  test("lines of two streams in a container's file are joined apart, and read again from the older", () => {
    const assembler = new LineAssembler(options);
    const wrap = (log: string, stream: string) =>
      `${JSON.stringify({ log, stream, time: "2026-11-21T10:00:00Z" })}\n`;
    const first = wrap("ERROR: a\n", "stderr");
    assembler.push(Buffer.from(first + wrap("INFO: b\n", "stdout")));
    expect(bodies(assembler.push(Buffer.from(wrap("INFO: c\n", "stdout"))))).toEqual(["b"]);
    expect(assembler.consumed).toBe(0);
    expect(bodies(assembler.push(Buffer.from(wrap("  more\n", "stderr"))))).toEqual([]);
    expect(bodies(assembler.end())).toEqual(["a\n  more", "c"]);
  });

  test("a line that was cut says so", () => {
    const [record] = assemble(`${"x".repeat((1 << 20) + 5)}\n`);
    expect(record!.body).toHaveLength(1 << 20);
    expect(attribute(record, "polylog.truncated_bytes")).toBe("5");
  });
});

test("lines without a time have the time of the line before, then the file's", () => {
  const text = "first\n2026-11-21T10:00:00Z INFO a\n";
  const times = (records: readonly LogRecord[]) =>
    records.map((record) => Number(record.timestamp / 1_000_000n));
  const writtenAt = Date.UTC(2026, 10, 22);
  expect(times(assemble(`${text}plain\n`, { writtenAt }))).toEqual([
    writtenAt,
    Date.UTC(2026, 10, 21, 10),
    Date.UTC(2026, 10, 21, 10),
  ]);
  expect(times(assemble("first\n"))).toEqual([1_795_257_667_000]);
});
