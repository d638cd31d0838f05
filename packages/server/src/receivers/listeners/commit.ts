import { PolylogError } from "../../errors.ts";
import { NOT_STORABLE, reasonOf } from "../../intake/refusal.ts";
import type { LogRecord } from "../../record/record.ts";
import type { ReceiverContext } from "../receiver.ts";

/**
 * What became of records: committed; refused for now, so that the sender is to come again; or refused for good.
 */
export type Outcome = "committed" | "later" | "failed";

/**
 * Writes records for a protocol that acknowledges them, and counts what became of them. Never rejects.
 *
 * Records that can't be stored for what is in them count as refused, and the request as committed: the others are
 * stored, and sending it again would store them twice.
 */
export async function commit(
  { intake, counters, log }: ReceiverContext,
  receiver: string,
  records: readonly LogRecord[],
  bytes: number,
): Promise<Outcome> {
  if (records.length === 0) return "committed";
  try {
    const { refused } = await intake.writeLogs(records, bytes, receiver);
    if (refused > 0) counters.rejected(receiver, refused, NOT_STORABLE);
    if (refused < records.length) counters.accepted(receiver, records.length - refused, bytes);
    return "committed";
  } catch (error) {
    counters.rejected(receiver, records.length, reasonOf(error));
    if (error instanceof PolylogError && error.retryAfterSeconds !== undefined) return "later";
    log.error("records could not be written", { receiver, error: String(error) });
    return "failed";
  }
}
