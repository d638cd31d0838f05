import type { ReceiverContext } from "../receiver.ts";
import { reasonOf } from "../refusal.ts";
import { type Encoding, RECEIVER, type Signal } from "./signals.ts";

/** What an acknowledged request is answered with. */
export interface Outcome {
  readonly rejected: number;
  readonly message: string;
}

/**
 * OTLP whatever carries it: a request's bytes to records, and those to the store. Resolves when the store has
 * committed them. Counts what comes of it, once.
 *
 * Rejects with what reading the body, decoding, or the intake rejects with; nothing of the request is kept then.
 */
export async function receive(
  signal: Signal,
  encoding: Encoding,
  body: Buffer | Promise<Buffer>,
  { intake, counters, now }: ReceiverContext,
): Promise<Outcome> {
  let records = 1; // a request that can't be decoded counts as one
  try {
    const bytes = await body;
    const batch = signal.decode[encoding](bytes, now());
    records = batch.accepted;
    await batch.commit(intake, bytes.length);
    if (batch.accepted > 0) counters.accepted(RECEIVER, batch.accepted, bytes.length);
    if (batch.rejected > 0) counters.rejected(RECEIVER, batch.rejected, signal.rejectionReason);
    return batch;
  } catch (error) {
    counters.rejected(RECEIVER, records, reasonOf(error));
    throw error;
  }
}
