import type { Decoding } from "../decoding/threads.ts";
import type { KeyChecker } from "../http/access.ts";
import type { ReceiverCounters } from "../intake/counters.ts";
import type { Logger } from "../log.ts";
import type { Intake } from "../record/intake.ts";

/** Sizes that bound a request, in bytes. */
export interface BodyLimits {
  /** As it comes over the wire. */
  readonly compressed: number;
  /** After decompression. */
  readonly decompressed: number;
}

export const DEFAULT_BODY_LIMITS: BodyLimits = { compressed: 32 << 20, decompressed: 128 << 20 };

/** What a receiver is given. */
export interface ReceiverContext {
  readonly intake: Intake;
  readonly log: Logger;
  readonly limits: BodyLimits;
  readonly counters: ReceiverCounters;
  /** For keys that lie where only the receiver can look, such as in a body. */
  readonly isKey: KeyChecker;
  /** Whether records can be taken in and found now, for protocols whose clients ask. */
  readonly isReady: () => boolean;
  /** Threads for heavy requests; undefined where there are no cores for them. */
  readonly decoding?: Decoding | undefined;
  /** Nanoseconds since 1970; the observed timestamp of records. */
  readonly now: () => bigint;
}
