import { describe, expect, it } from "vitest";
import { bareHost } from "../host/bare.ts";
import { createProblems } from "../problems.ts";
import type { Sink } from "../sinks/sink.ts";
import { defaultSinks } from "./default-sinks.ts";
import type { Host } from "./host.ts";

const STREAM: Sink = { writeLine: () => {} };
const FILE: Sink = { writeLine: () => {} };

function failing(): never {
  throw new Error("EACCES");
}

function sinksOf(environment: Parameters<typeof defaultSinks>[1], changes: Partial<Host> = {}) {
  const told: string[] = [];
  const streams: string[] = [];
  const problems = createProblems((line) => told.push(line));
  const host = bareHost({
    streamSink: (stream) => {
      streams.push(stream);
      return STREAM;
    },
    fileSink: () => FILE,
    ...changes,
  });
  return { names: Object.keys(defaultSinks(host, environment, problems)), told, streams, problems };
}

describe("the sinks of the environment", () => {
  const endpoint = "http://localhost:4318";
  it.each<[string, Parameters<typeof defaultSinks>[1], string[]]>([
    ["nothing", {}, ["stream"]],
    ["a file", { file: "/tmp/a" }, ["file"]],
    ["a file and a stream", { file: "/tmp/a", stream: "stdout" }, ["stream", "file"]],
    ["an endpoint with a key", { endpoint, apiKey: "k" }, ["stream", "http"]],
    ["an endpoint without a key", { endpoint, file: "/tmp/a" }, ["file", "otlp"]],
  ])("are by %s", (_name, environment, expected) => {
    const { names, told } = sinksOf(environment);
    expect([names, told]).toEqual([expected, []]);
  });

  it("are standard error and the server when the file can't be opened, which is told", () => {
    const { names, told, streams } = sinksOf({ file: "/no", endpoint }, { fileSink: failing });
    expect(names).toEqual(["stream", "otlp"]);
    expect(streams).toEqual(["stderr"]);
    expect(told).toEqual(["polylog: a sink of the environment can't be made: EACCES [POLYLOG_E_CONFIG]\n"]);
  });

  it("are the file without a server whose address can't be used", () => {
    const { names, told } = sinksOf({ file: "/tmp/a", endpoint: "nonsense" });
    expect(names).toEqual(["file"]);
    expect(told).toHaveLength(1);
  });

  it("tell of their troubles where the loggers do", () => {
    const given: unknown[] = [];
    const { problems } = sinksOf(
      { file: "/tmp/a", stream: "stderr" },
      {
        streamSink: (_stream, to) => {
          given.push(to);
          return STREAM;
        },
        fileSink: (_path, to) => {
          given.push(to);
          return FILE;
        },
      },
    );
    expect(given).toEqual([problems, problems]);
  });
});
