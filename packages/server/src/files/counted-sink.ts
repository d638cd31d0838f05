import { NOT_STORABLE, notStorable } from "../intake/refusal.ts";
import type { ReceiverContext } from "../receivers/receiver.ts";
import type { RecordSink } from "./record-sink.ts";

/** Writes records of followed files, and counts them as a receiver's. What is to come again counts as nothing yet. */
export function countedSink(
  { intake, counters }: Pick<ReceiverContext, "intake" | "counters">,
  receiver: string,
): RecordSink {
  return async (records, bytes) => {
    const { refused } = await intake.writeLogs(records, bytes, receiver);
    if (refused < records.length) counters.accepted(receiver, records.length - refused, bytes);
    if (refused === 0) return;
    counters.rejected(receiver, refused, NOT_STORABLE);
    throw notStorable(refused, records.length);
  };
}
