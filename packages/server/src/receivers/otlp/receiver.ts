import type { OtlpAnswer } from "../../decoding/protocol.ts";
import { ALL_STORED } from "../../record/intake.ts";
import type { ReceiverContext } from "../receiver.ts";
import { NOT_STORABLE, notStorable, reasonOf } from "../refusal.ts";
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
  let batch: Batch | undefined;
  let bytes: number;
  let refused: number;
  try {
    const bodyBytes = await body;
    bytes = bodyBytes.length;
    batch = await decode(signal, encoding, bodyBytes, context, sender);
    ({ refused } = await batch.commit(intake, bytes));
  } catch (error) {
    // A request that can't be decoded counts as one record.
    counters.rejected(RECEIVER, batch?.accepted ?? 1, reasonOf(error));
    throw error;
  }
  const accepted = batch.accepted - refused;
  if (accepted > 0) counters.accepted(RECEIVER, accepted, bytes);
  if (batch.rejected > 0) counters.rejected(RECEIVER, batch.rejected, signal.rejectionReason);
  if (refused === 0) return batch;
  counters.rejected(RECEIVER, refused, NOT_STORABLE);
  const reason = notStorable(refused, batch.accepted);
  if (accepted === 0) throw reason;
  return { rejected: batch.rejected + refused, message: `${batch.message} ${reason.message}`.trimStart() };
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
      return records === undefined ? ALL_STORED : signal.write(intake, records, bytes);
    },
  };
}
