import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { streamSink } from "./stream.ts";
import { TurnWriter } from "./turn-writer.ts";

function start(durability: "turn" | "record" = "turn") {
  const written: string[] = [];
  const lost: number[] = [];
  let turn: (() => void) | undefined;
  let isBroken = false;
  const writer = new TurnWriter({
    output: {
      write(bytes) {
        if (isBroken) throw new Error("broken");
        written.push(Buffer.from(bytes).toString());
      },
    },
    durability,
    onLost: (_, lines) => lost.push(lines),
    schedule: (callback) => {
      turn = callback;
    },
  });
  return {
    writer,
    written,
    lost,
    endTurn: () => turn?.(),
    breakOutput: () => {
      isBroken = true;
    },
  };
}

describe("a turn's lines", () => {
  it("are written in one piece at its end", () => {
    const { writer, written, endTurn } = start();
    writer.write("a\n");
    writer.write("€\n");
    expect(written).toEqual([]);
    endTurn();
    expect(written).toEqual(["a\n€\n"]);
    endTurn();
    expect(written).toHaveLength(1);
  });

  it("are written before there are too many, whole and in order", () => {
    const { writer, written, endTurn } = start();
    const lines = Array.from({ length: 5_000 }, (_, index) => `${index} ${"€".repeat(30)}\n`);
    for (const line of lines) writer.write(line);
    endTurn();
    expect(written.length).toBeGreaterThan(2);
    expect(written.every((text) => text.endsWith("\n"))).toBe(true);
    expect(written.join("")).toBe(lines.join(""));
  });

  it("may be longer than all the room there is", () => {
    const { writer, written, endTurn } = start();
    const huge = `${"€".repeat(300_000)}\n`;
    writer.write("before\n");
    writer.write(huge);
    writer.write("after\n");
    endTurn();
    expect(written.join("")).toBe(`before\n${huge}after\n`);
  });

  it("are written one by one where each has to be safe", () => {
    const { writer, written } = start("record");
    writer.write("a\n");
    expect(written).toEqual(["a\n"]);
  });

  it("are written one by one once there are no more turns", () => {
    const { writer, written } = start();
    writer.write("a\n");
    writer.flush(true);
    writer.write("b\n");
    expect(written).toEqual(["a\n", "b\n"]);
  });

  it("are counted when they can't be written", () => {
    const { writer, lost, endTurn, breakOutput } = start();
    breakOutput();
    writer.write("a\n");
    writer.write("b\n");
    endTurn();
    expect(lost).toEqual([2]);
  });
});

describe("a stream sink", () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), "polylog-stream-"));
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  it("writes to a descriptor, and counts what it can't after that is closed", () => {
    const path = join(directory, "out");
    const descriptor = openSync(path, "w");
    const told: string[] = [];
    const sink = streamSink(descriptor, { problems: { tell: (code) => told.push(code) } });
    sink.writeLine("one\n", "info");
    sink.flushSync?.();
    expect(readFileSync(path, "utf8")).toBe("one\n");
    closeSync(descriptor);
    sink.writeLine("two\n", "info");
    sink.flushSync?.();
    expect([sink.dropped, told]).toEqual([1, ["POLYLOG_E_SINK"]]);
  });

  it("writes what comes after the end of the process has begun before the call returns", () => {
    const path = join(directory, "out");
    const descriptor = openSync(path, "w");
    const sink = streamSink(descriptor);
    sink.writeLine("one\n", "info");
    sink.flushSync?.(true);
    sink.writeLine("two\n", "info");
    expect(readFileSync(path, "utf8")).toBe("one\ntwo\n");
    closeSync(descriptor);
  });

  it("writes to any stream of Node, and counts what comes after its end", async () => {
    const stream = new PassThrough();
    const sink = streamSink(stream);
    sink.writeLine("one\n", "info");
    await sink.flush?.();
    expect(String(stream.read())).toBe("one\n");
    stream.end();
    sink.writeLine("two\n", "info");
    expect(sink.dropped).toBe(1);
  });
});
