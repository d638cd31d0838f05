import type { Problems } from "../problems.ts";
import { descriptorOutput } from "./descriptor.ts";
import type { LineSink } from "./sink.ts";
import { sinkProblems } from "./sink-problems.ts";
import { type ByteOutput, TurnWriter } from "./turn-writer.ts";

export interface StreamSinkOptions {
  /**
   * `turn` writes the lines of a turn of the event loop together; nothing of it is lost but under SIGKILL. `record` writes
   * each before the call returns. @defaultValue `turn`
   */
  readonly durability?: "turn" | "record";
  readonly problems?: Problems;
}

const DESCRIPTORS = { stdout: 1, stderr: 2 } as const;

/** Writes lines to a standard stream or a file descriptor. */
export function descriptorSink(to: "stdout" | "stderr" | number, options: StreamSinkOptions): LineSink {
  if (typeof to === "number") return byteSink(descriptorOutput(to), String(to), options);
  return Object.assign(byteSink(descriptorOutput(DESCRIPTORS[to]), to, options), { stream: to });
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
