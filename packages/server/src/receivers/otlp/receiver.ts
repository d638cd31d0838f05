import { NOT_STORABLE, notStorable, reasonOf } from "../../intake/refusal.ts";
import { ALL_STORED, type Intake, type Stored } from "../../record/intake.ts";
import { type DecodedRequest, decodeElsewhere, named } from "../decode.ts";
import type { ReceiverContext } from "../receiver.ts";
import { type Encoding, type Outcome, RECEIVER, type Signal } from "./signals.ts";

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
  let bytes: number;
  let batch: Batch;
  let refused: number;
  try {
    const whole = await body;
    bytes = whole.length;
    const decoded = decode(signal, encoding, whole, context, sender);
    batch = decoded instanceof Promise ? await decoded : decoded;
    records = batch.logs.length + batch.spans.length;
    ({ refused } = await commit(intake, batch, bytes));
  } catch (error) {
    counters.rejected(RECEIVER, records, reasonOf(error));
    throw error;
  }
  const { rejected, message } = batch;
  const accepted = records - refused;
  if (accepted > 0) counters.accepted(RECEIVER, accepted, bytes);
  if (rejected > 0) counters.rejected(RECEIVER, rejected, signal.rejectionReason);
  if (refused === 0) return { rejected, message };
  counters.rejected(RECEIVER, refused, NOT_STORABLE);
  const reason = notStorable(refused, records);
  if (accepted === 0) throw reason;
  return { rejected: rejected + refused, message: `${message} ${reason.message}`.trimStart() };
}

/** The records of a request, encoded or not, and what is to be told of it. */
type Batch = Pick<DecodedRequest<unknown>, "logs" | "spans"> & Outcome;

/** At once, or on another thread where that is worth the way: the bytes are gone then. */
function decode(
  signal: Signal,
  encoding: Encoding,
  body: Buffer,
  { decoding, now }: ReceiverContext,
  sender: string,
): Batch | Promise<Batch> {
  const job = { body, bytes: body.length, receiver: RECEIVER, sender };
  const form = named("otlp", { path: signal.httpPath, encoding, now: now() });
  return (
    decodeElsewhere(decoding, form, job)?.then(({ logs, spans, result }) => ({ logs, spans, ...result })) ??
    signal.decode[encoding](body, now())
  );
}

/** A request holds records of one kind. */
function commit(intake: Intake, { logs, spans }: Batch, bytes: number): Promise<Stored> | Stored {
  if (logs.length > 0) return intake.writeLogs(logs, bytes, RECEIVER);
  return spans.length > 0 ? intake.writeSpans(spans, bytes, RECEIVER) : ALL_STORED;
}
