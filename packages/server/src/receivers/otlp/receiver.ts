import { type ErrorCode, PolylogError } from "../../errors.ts";
import type { ReceiverContext } from "../receiver.ts";
import { type Encoding, RECEIVER, type Signal } from "./signals.ts";

/** What an acknowledged request is answered with. */
export interface Outcome {
  readonly rejected: number;
  readonly message: string;
}

/** Why a request was refused, for the counters. */
const REASON_OF_ERROR: Partial<Record<ErrorCode, string>> = {
  POLYLOG_E_BAD_REQUEST: "malformed",
  POLYLOG_E_TOO_LARGE: "too_large",
  POLYLOG_E_UNSUPPORTED_MEDIA_TYPE: "unsupported_type",
  POLYLOG_E_INTAKE_FULL: "full",
  POLYLOG_E_STORE_UNAVAILABLE: "store_unavailable",
  POLYLOG_E_STOPPING: "stopping",
};

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
    const code = error instanceof PolylogError ? error.code : undefined;
    counters.rejected(RECEIVER, records, (code && REASON_OF_ERROR[code]) ?? "internal");
    throw error;
  }
}
