import { PolylogError } from "./errors.ts";
import type { Intake } from "./record/intake.ts";

/** An intake that stands before the store is open: until then it asks senders to come back. */
export interface IntakeGate extends Intake {
  open(intake: Intake): void;
}

/**
 * A closed gate. Receivers listen from the first moment, so that a client that starts together with the server
 * gets "try later" in its protocol's words rather than a refused connection.
 */
export function createIntakeGate(): IntakeGate {
  let target: Intake | undefined;

  function closed(): Promise<never> {
    const error = new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "The store is not open yet.", {
      retryAfterSeconds: 1,
      remedy: "Send again in a second; /readyz says when it is open.",
    });
    return Promise.reject(error);
  }

  return {
    open(intake) {
      target = intake;
    },
    writeLogs: (records, bytes, receiver, options) =>
      target?.writeLogs(records, bytes, receiver, options) ?? closed(),
    writeSpans: (records, bytes, receiver, options) =>
      target?.writeSpans(records, bytes, receiver, options) ?? closed(),
  };
}
