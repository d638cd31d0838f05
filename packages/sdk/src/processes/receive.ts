import type { Readable } from "node:stream";
import { polylog as ours } from "../api.ts";
import type { Level } from "../logger/level.ts";
import type { ForeignRecord, System } from "../logger/record.ts";
import type { Polylog } from "../polylog.ts";
import { type FrameDefaults, readFrame } from "./frame.ts";
import { createLineSplitter } from "./line-splitter.ts";

export interface ReceiveOptions {
  /** Of lines that name none. @defaultValue `child` */
  readonly logger?: string | undefined;
  /** Of lines that name none. @defaultValue `info` */
  readonly level?: Level | undefined;
  /** Of lines that name none. @defaultValue `node` */
  readonly system?: System | undefined;
  readonly polylog?: Polylog | undefined;
}

/** Takes bytes and logs what is in them. */
export interface Receiver {
  push(chunk: Uint8Array): void;
  /** Logs what was begun and never ended, as it is. */
  end(): void;
}

/** Lines that a text goes on in: the frames of a stack. */
const GOES_ON = /^[ \t]/;

export function createReceiver(options: ReceiveOptions = {}): Receiver {
  const { polylog = ours, logger = "child", level = "info", system = "node" } = options;
  const splitter = createLineSplitter();
  const appId = polylog.describe().settings.find(({ name }) => name === "appId")?.value;
  const defaults: FrameDefaults = { logger, level, system, appId };

  function log(lines: readonly string[]): void {
    for (const record of recordsOf(lines, defaults)) polylog.emit(record);
  }
  return { push: (chunk) => log(splitter.push(chunk)), end: () => log(splitter.end()) };
}

/** A line that is indented belongs to the one before it, when both are mere text. */
function recordsOf(lines: readonly string[], defaults: FrameDefaults): ForeignRecord[] {
  const records: ForeignRecord[] = [];
  let text: string[] = [];
  const endText = (): void => {
    if (text.length > 0) records.push(readFrame(text.join("\n"), defaults));
    text = [];
  };
  for (const line of lines) {
    if (line.trim() === "") continue;
    if (text.length > 0 && GOES_ON.test(line)) {
      text.push(line);
      continue;
    }
    endText();
    if (line.startsWith("{")) records.push(readFrame(line, defaults));
    else text.push(line);
  }
  endText();
  return records;
}

/**
 * Logs the records that a child writes to a stream, such as `child.stdio[3]`: Polylog's JSON, a line each, or any text.
 *
 * @returns resolves at the end of the stream
 * @example
 * const child = spawn("./worker", [], { stdio: ["ignore", "inherit", "inherit", "pipe"], env: { ...process.env, POLYLOG_FD: "3" } });
 * receiveRecords(child.stdio[3], { logger: "worker" });
 */
export function receiveRecords(stream: Readable, options: ReceiveOptions = {}): Promise<void> {
  const receiver = createReceiver(options);
  return new Promise((resolve) => {
    stream.on("data", (chunk: Uint8Array | string) =>
      receiver.push(typeof chunk === "string" ? Buffer.from(chunk) : chunk),
    );
    // A child that was killed may reset the connection; what it had written has come before.
    stream.on("error", () => {});
    stream.once("close", () => {
      receiver.end();
      resolve();
    });
  });
}
