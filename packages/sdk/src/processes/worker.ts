import { basename } from "node:path";
import { fileURLToPath } from "node:url";
import { MessageChannel, receiveMessageOnPort, Worker, type WorkerOptions } from "node:worker_threads";
import { polylog as ours } from "../api.ts";
import { isPlainObject } from "../bridges/fields.ts";
import { PolylogError } from "../errors.ts";
import type { WorkerLink } from "../host/parent.ts";
import { childVariables } from "./child-environment.ts";
import { createReceiver } from "./receive.ts";
import type { ChildOptions } from "./spawn.ts";

/** Of the threads that run. One listener for all: Node warns of more than ten. */
const drains = new Set<() => void>();

/** Before the sinks bring out their last. */
function drainAll(): void {
  for (const drain of drains) drain();
}

/**
 * A worker thread whose records come to the loggers of this one, with the context that is active here. The thread finds its
 * way back under `polylog` in its `workerData`, which so has to be an object, or nothing.
 *
 * @throws PolylogError `POLYLOG_E_CONFIG` for another `workerData`
 * @example
 * const worker = startWorker(new URL("./resize.js", import.meta.url), { workerData: { width: 640 } });
 */
export function startWorker(
  filename: string | URL,
  options: WorkerOptions & Pick<ChildOptions, "logger" | "polylog"> = {},
): Worker {
  const { logger = nameOf(filename, options), polylog = ours, workerData = {}, ...own } = options;
  if (!isPlainObject(workerData)) {
    throw new PolylogError("POLYLOG_E_CONFIG", "startWorker: workerData is no plain object", {
      remedy: "Put it into one: { workerData: { value } }.",
    });
  }
  const { port1, port2 } = new MessageChannel();
  const link: WorkerLink = { port: port2, variables: childVariables(polylog) };
  const worker = new Worker(filename, {
    ...own,
    workerData: { ...workerData, polylog: link },
    transferList: [...(own.transferList ?? []), port2],
  });
  const receiver = createReceiver({ logger, polylog });
  port1.on("message", (bytes: Uint8Array) => receiver.push(bytes));
  // The thread holds the process while it runs, not its records.
  port1.unref();

  function drain(): void {
    for (let next = receiveMessageOnPort(port1); next !== undefined; next = receiveMessageOnPort(port1)) {
      receiver.push(next.message as Uint8Array);
    }
  }
  drains.add(drain);
  if (drains.size === 1) process.prependListener("exit", drainAll);
  worker.once("exit", () => {
    drain();
    receiver.end();
    drains.delete(drain);
    if (drains.size === 0) process.off("exit", drainAll);
    port1.close();
  });
  return worker;
}

function nameOf(filename: string | URL, { name, eval: isCode }: WorkerOptions): string {
  if (name !== undefined) return name;
  if (isCode) return "worker";
  return basename(typeof filename === "string" ? filename : fileURLToPath(filename));
}
