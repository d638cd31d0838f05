import { fstatSync } from "node:fs";
import { type MessagePort, workerData } from "node:worker_threads";
import { ActiveContext } from "../logger/active-context.ts";
import { type CarriedContext, readCarried } from "../logger/carried-context.ts";
import type { Problems } from "../problems.ts";
import { byteSink } from "../sinks/byte-sink.ts";
import { descriptorOutput } from "../sinks/descriptor.ts";
import type { LineSink } from "../sinks/sink.ts";
import { tellPeople } from "../sinks/sink-problems.ts";
import type { ByteOutput } from "../sinks/turn-writer.ts";

/** What `polylog/processes` puts into the data of a worker thread, under the key `polylog`. */
export interface WorkerLink {
  readonly port: MessagePort;
  readonly variables: Readonly<Record<string, string>>;
}

/** What whoever has started this process or thread gives it. */
export interface Parent {
  readonly environment: NodeJS.ProcessEnv;
  /** What all records carry that are made in no context. */
  readonly ambient: ActiveContext | undefined;
  readonly parentSink: ((problems: Problems) => LineSink) | undefined;
}

/** Name of the variable with the descriptor that leads to the parent. */
const DESCRIPTOR = "POLYLOG_FD";

/** Takes what there is. What this process starts must neither find the descriptor nor write to it. */
export function takeParent(): Parent {
  // Data of the application's own may be anything.
  const { port, variables }: Partial<WorkerLink> = Object(Object(workerData).polylog);
  const environment = port ? { ...process.env, ...variables } : process.env;
  const values = readCarried(environment as CarriedContext);
  const isGiven = Object.keys(values).length > 0;
  return {
    environment,
    ambient: isGiven ? new ActiveContext(values) : undefined,
    parentSink: port ? (problems) => portSink(port, problems) : descriptorSink(),
  };
}

function descriptorSink(): Parent["parentSink"] {
  const given = process.env[DESCRIPTOR];
  delete process.env[DESCRIPTOR];
  if (!given) return undefined;
  const descriptor = Number(given);
  if (isPipe(descriptor)) return (problems) => pipeSink(descriptor, problems);
  tellPeople(`polylog: ${DESCRIPTOR}=${given.slice(0, 20)} leads to no pipe [POLYLOG_E_CONFIG]\n`);
  return undefined;
}

function isPipe(descriptor: number): boolean {
  try {
    const stats = fstatSync(descriptor);
    return descriptor > 2 && (stats.isFIFO() || stats.isSocket());
  } catch {
    return false;
  }
}

/** Writes each record before its call returns: a crash loses none. Without a parent, they go to standard error. */
function pipeSink(descriptor: number, problems: Problems): LineSink {
  let output = descriptorOutput(descriptor);
  const write: ByteOutput["write"] = (bytes, lines) => {
    try {
      output.write(bytes, lines);
    } catch (error) {
      output = descriptorOutput(2);
      problems.tell("POLYLOG_E_SINK", DESCRIPTOR, `the parent is gone, records go to stderr: ${error}`);
      output.write(bytes, lines);
    }
  };
  return byteSink({ write }, DESCRIPTOR, { durability: "record", problems });
}

/** Posts the lines of a turn at once. What is posted arrives even when the thread ends right behind it. */
function portSink(port: MessagePort, problems: Problems): LineSink {
  // The writer goes on using its own bytes; a copy crosses over.
  return byteSink({ write: (bytes) => port.postMessage(Uint8Array.from(bytes)) }, "parent", { problems });
}
