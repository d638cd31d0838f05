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

  function opened(): Intake {
    if (target !== undefined) return target;
    throw new PolylogError("POLYLOG_E_STORE_UNAVAILABLE", "The store is not open yet.", {
      retryAfterSeconds: 1,
      remedy: "Send again in a second; /readyz says when it is open.",
    });
  }

  return {
    open(intake) {
      target = intake;
    },
    async writeLogs(records, bytes, receiver) {
      return opened().writeLogs(records, bytes, receiver);
    },
    async writeSpans(records, bytes, receiver) {
      return opened().writeSpans(records, bytes, receiver);
    },
  };
}
