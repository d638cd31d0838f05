import { fstatSync } from "node:fs";
import { type MessagePort, workerData } from "node:worker_threads";
import { ActiveContext } from "../logger/active-context.ts";
import { type CarriedContext, readCarried } from "../logger/carried-context.ts";
import type { Problems } from "../problems.ts";
import { descriptorOutput } from "../sinks/descriptor.ts";
import type { LineSink } from "../sinks/sink.ts";
import { tellPeople } from "../sinks/sink-problems.ts";
import { TurnWriter } from "../sinks/turn-writer.ts";

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
  parentSink?(problems: Problems): LineSink;
}

/** Name of the variable with the descriptor that leads to the parent. */
const DESCRIPTOR = "POLYLOG_FD";

/** Takes what there is. What this process starts must neither find the descriptor nor write to it. */
export function takeParent(): Parent {
  const link = linkOf(workerData);
  const environment = link === undefined ? process.env : { ...process.env, ...link.variables };
  const values = readCarried(environment as CarriedContext);
  const parentSink = link === undefined ? descriptorSink(process.env) : () => portSink(link.port);
  return {
    environment,
    ambient: Object.keys(values).length === 0 ? undefined : new ActiveContext(values),
    ...(parentSink && { parentSink }),
  };
}

function linkOf(data: unknown): WorkerLink | undefined {
  const { polylog } = (typeof data === "object" && data !== null ? data : {}) as { polylog?: WorkerLink };
  return typeof polylog?.port?.postMessage === "function" ? polylog : undefined;
}

function descriptorSink(variables: NodeJS.ProcessEnv): Parent["parentSink"] {
  const given = variables[DESCRIPTOR];
  delete variables[DESCRIPTOR];
  if (!given) return undefined;
  const descriptor = Number(given);
  if (isPipe(descriptor)) return (problems) => pipeSink(descriptor, problems);
  tellPeople(
    `polylog: ${DESCRIPTOR}=${given.slice(0, 20)} is left aside: it leads to no pipe [POLYLOG_E_CONFIG]\n`,
  );
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
  const parent = descriptorOutput(descriptor);
  const fallback = descriptorOutput(2);
  let output = parent;
  let dropped = 0;
  const writer = new TurnWriter({
    durability: "record",
    output: {
      write(bytes, lines) {
        try {
          output.write(bytes, lines);
        } catch (error) {
          if (output === fallback) throw error;
          output = fallback;
          problems.tell(
            "POLYLOG_E_SINK",
            DESCRIPTOR,
            `the parent takes no more records, they go to stderr: ${error}`,
          );
          output.write(bytes, lines);
        }
      },
    },
    onLost: (_, lines) => {
      dropped += lines;
    },
  });
  return {
    writeLine: (line) => writer.write(line),
    get dropped() {
      return dropped;
    },
  };
}

/** Posts the lines of a turn at once. What is posted arrives even when the thread ends right behind it. */
function portSink(port: MessagePort): LineSink {
  const writer = new TurnWriter({
    output: {
      write(bytes) {
        // The writer goes on using its own; this one moves over.
        const copy = Uint8Array.from(bytes);
        port.postMessage(copy, [copy.buffer]);
      },
    },
    onLost: () => {},
  });
  return {
    writeLine: (line) => writer.write(line),
    flushSync: (isEnding) => writer.flush(isEnding),
    flush: async () => writer.flush(),
    close: async () => writer.flush(),
  };
}
