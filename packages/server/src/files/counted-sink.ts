import { PolylogError } from "../errors.ts";
import type { ReceiverContext } from "../receivers/receiver.ts";
import { reasonOf } from "../receivers/refusal.ts";
import type { RecordSink } from "./record-sink.ts";

/** Writes records of followed files, and counts them as a receiver's. What is to come again counts as nothing yet. */
export function countedSink(
  { intake, counters }: Pick<ReceiverContext, "intake" | "counters">,
  receiver: string,
): RecordSink {
  return async (records, bytes) => {
    try {
      await intake.writeLogs(records, bytes, receiver);
    } catch (error) {
      // All others of them are stored.
      if (error instanceof PolylogError && error.code === "POLYLOG_E_BAD_REQUEST") {
        if (records.length > 1) counters.accepted(receiver, records.length - 1, bytes);
        counters.rejected(receiver, 1, reasonOf(error));
      }
      throw error;
    }
    counters.accepted(receiver, records.length, bytes);
  };
}
