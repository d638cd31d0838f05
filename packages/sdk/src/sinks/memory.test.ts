import { describe, expect, it } from "vitest";
import type { LogRecord } from "../logger/record.ts";
import { memorySink } from "./memory.ts";

const record = (message: string, level: LogRecord["level"] = "info") => ({ level, message }) as LogRecord;

describe("a memory sink", () => {
  it("keeps records in order, and gives their messages by level", () => {
    const sink = memorySink();
    sink.writeRecord(record("a"));
    sink.writeRecord(record("b", "warn"));
    expect(sink.records).toEqual([record("a"), record("b", "warn")]);
    expect(sink.messages()).toEqual(["a", "b"]);
    expect(sink.messages("warn")).toEqual(["b"]);
  });

  it("keeps the newest when there are too many, and counts the others", () => {
    const sink = memorySink({ maxRecords: 2 });
    for (const message of ["a", "b", "c"]) sink.writeRecord(record(message));
    expect(sink.messages()).toEqual(["b", "c"]);
    expect(sink.dropped).toBe(1);
  });

  it("forgets what it is told to forget, but not what was taken from it", () => {
    const sink = memorySink();
    sink.writeRecord(record("a"));
    const { records } = sink;
    sink.clear();
    expect(sink.messages()).toEqual([]);
    expect(records).toHaveLength(1);
  });
});
