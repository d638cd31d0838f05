import { AsyncResource } from "node:async_hooks";
import type { Callback, Command } from "./client.ts";
import type { Kind } from "./operation.ts";
import { RunningOperation, type Telemetry } from "./running-operation.ts";

/** ERR_CLIENT, which is what the client says of a command that it didn't send. */
const REFUSED = -1;

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
    const operation = new RunningOperation(this, kind, telemetry);
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
      // The request is on its way, and nobody waits for what is done meanwhile.
      operation.begin();
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
      const refusal = { name: "AerospikeError", message, code: REFUSED };
      new RunningOperation(this, kind, telemetry).end(refusal);
    }
    return original.call(this, message);
  };
}

/**
 * The native addon calls back in no context at all. Promises know their own, but a callback, or what listens to a stream, would
 * lose its span and all else that follows the call.
 */
function inContextOfCall(callback: Callback): Callback {
  const resource = new AsyncResource("Aerospike");
  return (error, result) => resource.runInAsyncScope(callback, undefined, error, result);
}

/** The last that a stream tells is no record but where it could go on. */
function isEnd(result: unknown): boolean {
  return typeof result !== "object" || result === null || "state" in result;
}
