import type { Writable } from "node:stream";
import type { Problems } from "../problems.ts";
import type { LineSink } from "./sink.ts";

/** Characters of lines that may wait for a stream that doesn't drain. */
const MOST_WAITING = 16 * 1024 * 1024;

/**
 * Writes lines to a stream of Node that somebody else owns, and ends. What it loses by an error, by its end or because
 * it takes too little is counted.
 */
export function writableSink(stream: Writable, problems: Problems): LineSink {
  /** Lines that were handed over, and those of them whose fate is known. */
  let handed = 0;
  let settled = 0;
  /** Characters of those between. */
  let waiting = 0;
  let dropped = 0;
  let isBusy = false;
  let isClosed = false;
  const flushes = new Set<{ readonly upTo: number; readonly done: () => void }>();

  function drop(lines: number, reason: string): void {
    if (lines === 0) return;
    dropped += lines;
    problems.tell("POLYLOG_E_SINK", `stream ${reason}`, `a stream of the log loses records: ${reason}`);
  }

  function settle(lines: number): void {
    settled += lines;
    for (const flush of flushes) {
      if (settled < flush.upTo) continue;
      flushes.delete(flush);
      flush.done();
    }
  }

  function write(line: string): void {
    let isSettled = false;
    handed++;
    waiting += line.length;
    const onSettled = (error?: Error | null) => {
      // A stream of others' making may call back twice, or after it was closed.
      if (isSettled || settled === handed) return;
      isSettled = true;
      waiting -= line.length;
      if (error) drop(1, error.message);
      settle(1);
    };
    try {
      stream.write(line, onSettled);
    } catch (error) {
      onSettled(error as Error);
    }
  }

  stream.on("error", (error) => {
    problems.tell(
      "POLYLOG_E_SINK",
      `stream ${error.message}`,
      `a stream of the log failed: ${error.message}`,
    );
  });
  // What a stream was writing when it was destroyed is never heard of again.
  stream.on("close", () => {
    drop(handed - settled, "it was closed");
    waiting = 0;
    settle(handed - settled);
  });

  const flush = (): Promise<void> =>
    new Promise((done) => {
      if (settled === handed) done();
      else flushes.add({ upTo: handed, done });
    });

  return {
    writeLine(line) {
      // A stream that logs by what it writes would be called by that without end.
      if (isBusy) return;
      if (isClosed || !stream.writable) {
        drop(1, "it has ended");
      } else if (waiting > 0 && waiting + line.length > MOST_WAITING) {
        drop(1, "it takes too little");
      } else {
        isBusy = true;
        write(line);
        isBusy = false;
      }
    },
    flush,
    async close() {
      isClosed = true;
      await flush();
    },
    get dropped() {
      return dropped;
    },
  };
}
