import { AsyncResource } from "node:async_hooks";
import type { Callback, Client, Command } from "./client.ts";
import type { Kind } from "./operation.ts";
import { RunningOperation, type Telemetry } from "./running-operation.ts";
import { createTemplates } from "./template.ts";

/** ERR_CLIENT, which is what the client says of a command that it didn't send. */
const REFUSED = -1;

const templates = new WeakMap<Client, ReturnType<typeof createTemplates>>();

/** Takes the place of a command's `process`. Hot: runs for each operation, and `bench/cases/aerospike.mjs` says what it costs. */
export function watchProcess(
  original: Command["process"],
  kind: Kind,
  telemetry: Telemetry,
): Command["process"] {
  return function process(this: Command, callback: Callback): void {
    if (telemetry.isIdle) {
      original.call(this, callback);
      return;
    }
    const operation = begin(this, kind, telemetry);
    const isStream = this.stream !== undefined;
    const answerOf = this.callback === undefined ? callback : inContextOfCall(callback);
    try {
      original.call(this, (error, result) => {
        if (error || !isStream || isEnd(result)) operation.end(error);
        else operation.countRecord();
        const answer = answerOf(error, result);
        // That was all of an aborted stream: its end isn't told.
        if (answer === false) operation.end(null);
        return answer;
      });
    } catch (error) {
      operation.end(error);
      throw error;
    }
  };
}

/** Takes the place of a command's `sendError`, by which it fails before it is processed. */
export function watchSendError(
  original: Command["sendError"],
  kind: Kind,
  telemetry: Telemetry,
): Command["sendError"] {
  return function sendError(this: Command, message: string): unknown {
    if (!telemetry.isIdle) {
      begin(this, kind, telemetry).end({ name: "AerospikeError", message, code: REFUSED });
    }
    return original.call(this, message);
  };
}

function begin(command: Command, kind: Kind, telemetry: Telemetry): RunningOperation {
  const { args, client } = command;
  const { namespace, set, batchSize } = kind.targetOf(args);
  const name = (kind.hasSteps ? telemetry.stepNameOf(args) : undefined) ?? kind.operation;
  const template = templatesOf(client)(name, namespace, set);
  const span = telemetry.tracer.startSpan(template.name, template.options);
  // To the conventions a batch begins at two keys.
  if (batchSize !== undefined && batchSize > 1) span.setAttribute("db.operation.batch.size", batchSize);
  return new RunningOperation(span, template, telemetry);
}

/**
 * The native addon calls back in no context at all. Promises know their own, but a callback, or what listens to a stream, would
 * lose its span and all else that follows the call.
 */
function inContextOfCall(callback: Callback): Callback {
  const resource = new AsyncResource("Aerospike");
  return (error, result) => resource.runInAsyncScope(callback, undefined, error, result);
}

function templatesOf(client: Client): ReturnType<typeof createTemplates> {
  const known = templates.get(client);
  if (known !== undefined) return known;
  const made = createTemplates(client);
  templates.set(client, made);
  return made;
}

/** The last that a stream tells is no record but where it could go on. */
function isEnd(result: unknown): boolean {
  return typeof result !== "object" || result === null || "state" in result;
}
