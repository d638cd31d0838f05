import { z } from "zod";
import { spoolSchema } from "./spool.ts";

/** What came in of one source, over one receiver, or in all. */
const figures = {
  requests: z.number(),
  records: z.number(),
  bytes: z.number(),
  /** Since the start, by reason: records, or requests where records could not be told apart. */
  refused: z.record(z.string(), z.number()),
  /** Over the last ten seconds. */
  recordsPerSecond: z.number(),
  bytesPerSecond: z.number(),
  refusedPerSecond: z.number(),
  /** Bytes in each slot of the last minutes, oldest first; the last slot is under way. */
  history: z.array(z.number()),
  /** Milliseconds from taking to committed, of the last request; null before the first. */
  ackMs: z.number().nullable(),
  /** Milliseconds by which its newest record was old when it was committed. */
  lagMs: z.number().nullable(),
  /** Milliseconds since 1970 of the last request, taken or refused; null when there was none. */
  lastAt: z.number().nullable(),
} as const;

/** What waits for the store now. */
const queue = { queuedBytes: z.number(), queuedRequests: z.number() } as const;

const receiverIntakeSchema = z.object({ name: z.string(), ...figures, ...queue });
const sourceIntakeSchema = receiverIntakeSchema.extend({
  /** Bytes a second that it may send; null for no limit. */
  limit: z.number().nullable(),
});

/** `GET /api/v1/intake`: what comes in, what waits and what is refused, since the server's start. */
export const intakeResponse = z.object({
  /** Milliseconds since 1970. */
  now: z.number(),
  startedAt: z.number(),
  /** Milliseconds that a slot of `history` covers. */
  slotMs: z.number(),
  /** False while the store is away: what comes waits, and then goes to the spool or is asked to come back. */
  ready: z.boolean(),
  /** Absent without a spool. */
  spool: spoolSchema.optional(),
  /** What is refused counts requests or datagrams where records could not be told apart. */
  total: z.object({ ...figures, ...queue }),
  /** Bytes that may wait. */
  maxQueuedBytes: z.number(),
  /** Milliseconds that the oldest request has waited; 0 when none waits. */
  oldestMs: z.number(),
  /** Services, or a receiver in brackets where records name none; those with most bytes lately first, at most 500. */
  sources: z.array(sourceIntakeSchema),
  receivers: z.array(receiverIntakeSchema),
});
export type IntakeResponse = z.infer<typeof intakeResponse>;
export type IntakeFigures = z.infer<typeof receiverIntakeSchema>;
export type SourceIntake = z.infer<typeof sourceIntakeSchema>;
