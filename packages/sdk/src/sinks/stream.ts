import type { Writable } from "node:stream";
import { descriptorSink, type StreamSinkOptions } from "./byte-sink.ts";
import type { LineSink } from "./sink.ts";
import { sinkProblems } from "./sink-problems.ts";
import { writableSink } from "./writable.ts";

/**
 * Writes lines to a standard stream, to a file descriptor, or to any writable stream of Node.
 *
 * A descriptor is written to synchronously, so lines are out when the process ends, whatever ends it. Another stream
 * has a buffer of its own, which only a natural end brings out, or an end that waits for `flush()`; `durability` says
 * nothing of it.
 *
 * @example
 * configure({ sinks: { console: streamSink("stdout") } });
 */
export function streamSink(
  stream: "stdout" | "stderr" | number | Writable = "stderr",
  options: StreamSinkOptions = {},
): LineSink {
  return typeof stream === "object"
    ? writableSink(stream, sinkProblems(options.problems))
    : descriptorSink(stream, options);
}
