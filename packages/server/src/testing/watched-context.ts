import type { ReceiverContext } from "../receivers/receiver.ts";
import type { Answer } from "./receiver-contract.ts";

/** A context that tells what a receiver counts, where its protocol can't say why it refused. */
export interface WatchedContext {
  readonly context: ReceiverContext;
  /** How much was refused since the last call. */
  takeRejected(): number;
  /** Says as what something was refused; rejects when nothing was, within half a second. */
  refusal(): Promise<Answer>;
}

/** Milliseconds. */
const PATIENCE = 500;
const PASSING = new Set(["full", "store_unavailable", "stopping"]);

/**
 * @example
 * const { context: watched, refusal } = watchContext(context);
 * socket.write("no frame");
 * await refusal(); // { kind: "refused", message: "counted as malformed" }
 */
export function watchContext(context: ReceiverContext): WatchedContext {
  const reasons: string[] = [];
  let tell = () => {};
  return {
    context: {
      ...context,
      counters: {
        ...context.counters,
        rejected(receiver, records, reason) {
          context.counters.rejected(receiver, records, reason);
          reasons.push(reason);
          // What is counted is told to the log right behind.
          setImmediate(() => tell());
        },
      },
    },
    takeRejected: () => reasons.splice(0).length,
    refusal: () =>
      new Promise((resolve, reject) => {
        const limit = setTimeout(() => reject(new Error("nothing was refused")), PATIENCE);
        tell = () => {
          const reason = reasons.shift();
          if (reason === undefined) return;
          clearTimeout(limit);
          resolve(
            PASSING.has(reason)
              ? { kind: "retry", afterSeconds: null }
              : { kind: "refused", message: `counted as ${reason}` },
          );
        };
        tell();
      }),
  };
}
