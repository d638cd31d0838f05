import { PassThrough, Writable } from "node:stream";
import { describe, expect, it } from "vitest";
import { createProblems } from "../problems.ts";
import { writableSink } from "./writable.ts";

function sinkOf(stream: Writable) {
  const told: string[] = [];
  return {
    sink: writableSink(
      stream,
      createProblems((line) => told.push(line)),
    ),
    told,
  };
}

/** A stream that takes what it is given when it is told to, and fails when it is told to. */
function slowStream() {
  const taken: string[] = [];
  let next: ((error?: Error) => void) | undefined;
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string, _encoding, done) {
      taken.push(chunk);
      next = done;
    },
  });
  return { stream, taken, settle: (error?: Error) => next?.(error) };
}

describe("a sink for a stream of Node", () => {
  it("is flushed and closed when the stream has taken all, and takes nothing after that", async () => {
    const { stream, settle } = slowStream();
    const { sink } = sinkOf(stream);
    sink.writeLine("a\n", "info");
    let isClosed = false;
    const closing = sink.close?.().then(() => {
      isClosed = true;
    });
    await sinkOf(new PassThrough()).sink.flush?.();
    expect(isClosed).toBe(false);
    settle();
    await closing;
    expect(sink.dropped).toBe(0);
    sink.writeLine("b\n", "info");
    expect(sink.dropped).toBe(1);
    expect(stream.writableEnded).toBe(false);
  });

  it("counts lines that were on their way when the stream failed", async () => {
    const { stream, settle } = slowStream();
    const { sink, told } = sinkOf(stream);
    for (const line of ["a\n", "b\n", "c\n"]) sink.writeLine(line, "info");
    settle(new Error("EIO"));
    await sink.flush?.();
    expect(sink.dropped).toBe(3);
    expect(told.join("")).toContain("EIO");
  });

  it("counts lines of which a stream that was destroyed never told", async () => {
    const { stream } = slowStream();
    const { sink } = sinkOf(stream);
    for (const line of ["a\n", "b\n"]) sink.writeLine(line, "info");
    stream.destroy();
    await sink.flush?.();
    expect(sink.dropped).toBe(2);
  });

  it("holds no more than 16 Mi characters for a stream that doesn't drain, and goes on when it does", async () => {
    const { stream, taken, settle } = slowStream();
    const { sink, told } = sinkOf(stream);
    const line = `${"x".repeat(1024 * 1024 - 1)}\n`;
    for (let i = 0; i < 20; i++) sink.writeLine(line, "info");
    expect(sink.dropped).toBe(4);
    expect(told).toEqual([expect.stringContaining("it takes too little")]);
    await expect
      .poll(() => {
        settle();
        return taken.length;
      })
      .toBe(16);
    settle();
    await sink.flush?.();
    sink.writeLine("last\n", "info");
    expect([taken.at(-1), sink.dropped]).toEqual(["last\n", 4]);
  });

  it("gives a stream that logs no line of its own making", () => {
    let depth = 0;
    const stream = new Writable({
      write(_chunk, _encoding, done) {
        depth++;
        if (depth < 100) sink.writeLine("again\n", "info");
        done();
      },
    });
    const { sink } = sinkOf(stream);
    sink.writeLine("a\n", "info");
    expect(depth).toBe(1);
  });

  it("never throws, and counts what a stream throws at", () => {
    const stream = new PassThrough();
    stream.write = () => {
      throw new Error("broken");
    };
    const { sink } = sinkOf(stream);
    expect(() => sink.writeLine("a\n", "info")).not.toThrow();
    expect(sink.dropped).toBe(1);
  });
});
