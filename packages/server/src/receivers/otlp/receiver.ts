import type { OtlpAnswer } from "../../decoding/protocol.ts";
import type { ReceiverContext } from "../receiver.ts";
import { reasonOf } from "../refusal.ts";
import { type Batch, type Encoding, RECEIVER, type Signal } from "./signals.ts";

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
  context: ReceiverContext,
  /** Its address: senders take turns. */
  sender: string,
): Promise<Outcome> {
  const { intake, counters } = context;
  let records = 1; // a request that can't be decoded counts as one
  try {
    const bytes = await body;
    const { length } = bytes;
    const batch = await decode(signal, encoding, bytes, context, sender);
    records = batch.accepted;
    await batch.commit(intake, length);
    if (batch.accepted > 0) counters.accepted(RECEIVER, batch.accepted, length);
    if (batch.rejected > 0) counters.rejected(RECEIVER, batch.rejected, signal.rejectionReason);
    return batch;
  } catch (error) {
    counters.rejected(RECEIVER, records, reasonOf(error));
    throw error;
  }
}

/** At once, or on another thread where that is worth the way: the bytes are gone then. */
function decode(
  signal: Signal,
  encoding: Encoding,
  bytes: Buffer,
  { decoding, now }: ReceiverContext,
  sender: string,
): Batch | Promise<Batch> {
  if (decoding === undefined || bytes.length < decoding.heavyBytes) {
    return signal.decode[encoding](bytes, now());
  }
  return decodeElsewhere(
    signal,
    decoding.otlp({ path: signal.httpPath, encoding, now: now() }, bytes, sender),
  );
}

async function decodeElsewhere(signal: Signal, answer: Promise<OtlpAnswer>): Promise<Batch> {
  const { accepted, rejected, message, records } = await answer;
  return {
    ...{ accepted, rejected, message },
    async commit(intake, bytes) {
      if (records !== undefined) await signal.write(intake, records, bytes);
    },
  };
}
