import { describe, expect, it } from "vitest";
import { LEVELS } from "../logger/level.ts";
import type { LogRecord } from "../logger/record.ts";
import { consoleSink } from "./console.ts";

function recordingConsole() {
  const calls: unknown[][] = [];
  const methods = Object.fromEntries(
    (["debug", "info", "warn", "error"] as const).map((name) => [
      name,
      (...all: unknown[]) => calls.push([name, ...all]),
    ]),
  ) as unknown as Pick<Console, "debug" | "info" | "warn" | "error">;
  return { calls, methods };
}

const record = (fields: Partial<LogRecord>) =>
  ({ level: "info", logger: "root", message: "paid", ...fields }) as LogRecord;

describe("a console sink", () => {
  it("picks the method by the level", () => {
    const { calls, methods } = recordingConsole();
    const sink = consoleSink(methods);
    for (const level of LEVELS) sink.writeRecord(record({ level }));
    expect(calls.map(([name]) => name)).toEqual(["debug", "debug", "info", "warn", "error", "error"]);
  });

  it("hands metadata and error over as they are, after logger and message", () => {
    const { calls, methods } = recordingConsole();
    const metadata = { orderId: 17 };
    const error = new Error("boom");
    const sink = consoleSink(methods);
    sink.writeRecord(record({ logger: "shop.till", metadata, error }));
    sink.writeRecord(record({ message: "100%s sure", metadata }));
    expect(calls).toEqual([
      ["info", "%s", "shop.till: paid", metadata, error],
      ["info", "%s", "100%s sure", metadata],
    ]);
    expect(calls[0]![3]).toBe(metadata);
  });

  it("keeps writing to the console there was when somebody replaces its methods", () => {
    const { calls, methods } = recordingConsole();
    const sink = consoleSink(methods);
    methods.info = () => {
      throw new Error("a circle");
    };
    sink.writeRecord(record({}));
    expect(calls).toHaveLength(1);
  });
});
