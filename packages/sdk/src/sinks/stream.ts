import type { Writable } from "node:stream";
import type { Problems } from "../problems.ts";
import { descriptorOutput } from "./descriptor.ts";
import type { LineSink } from "./sink.ts";
import { sinkProblems } from "./sink-problems.ts";
import { type ByteOutput, TurnWriter } from "./turn-writer.ts";
import { writableSink } from "./writable.ts";

export interface StreamSinkOptions {
  /**
   * `turn` writes the lines of a turn of the event loop together; nothing of it is lost but under SIGKILL. `record` writes
   * each before the call returns. @defaultValue `turn`
   */
  readonly durability?: "turn" | "record";
  readonly problems?: Problems;
}

const DESCRIPTORS = { stdout: 1, stderr: 2 } as const;

/**
 * Writes lines to a standard stream, to a file descriptor, or to any writable stream of Node.
 *
 * A descriptor is written to synchronously, so lines are out when the process ends, whatever ends it. Another stream
 * has a buffer of its own, which only a natural end brings out.
 *
 * @example
 * configure({ sinks: { console: streamSink("stdout") } });
 */
export function streamSink(
  stream: "stdout" | "stderr" | number | Writable = "stderr",
  options: StreamSinkOptions = {},
): LineSink {
  if (typeof stream === "object") return writableSink(stream, sinkProblems(options.problems));
  if (typeof stream === "number") return byteSink(descriptorOutput(stream), String(stream), options);
  return Object.assign(byteSink(descriptorOutput(DESCRIPTORS[stream]), stream, options), { stream });
}

/**
 * Gathers lines for an output that is written to at once.
 *
 * @param name what people know the output by
 */
export function byteSink(output: ByteOutput, name: string, options: StreamSinkOptions): LineSink {
  const problems = sinkProblems(options.problems);
  let dropped = 0;
  const writer = new TurnWriter({
    output,
    durability: options.durability ?? "turn",
    onLost(error, lines) {
      dropped += lines;
      problems.tell(
        "POLYLOG_E_SINK",
        `stream ${name}`,
        `writing to ${name} failed, records are lost: ${error}`,
      );
    },
  });
  return {
    writeLine: (line) => writer.write(line),
    flushSync: (isEnding) => writer.flush(isEnding),
    flush: async () => writer.flush(),
    close: async () => writer.flush(),
    get dropped() {
      return dropped;
    },
  };
}
