import { z } from "zod";

/** What is acknowledged and on disk, but not in the store yet, so that no question finds it. Times as milliseconds since 1970. */
export const spoolSchema = z.object({
  records: z.number(),
  batches: z.number(),
  bytes: z.number(),
  maxBytes: z.number(),
  /** True while there is no room for more. */
  isFull: z.boolean(),
  /** Whether what comes while the store is away goes there, and is acknowledged; else it is asked to come back. */
  takes: z.boolean(),
  /** When the first of those came that wait now; null while none waits. */
  oldestAt: z.number().nullable(),
  /** Since when there has always been something that waits; null while nothing does. */
  since: z.number().nullable(),
  /** What could not be stored for what is in it, and is kept. */
  aside: z.object({ batches: z.number(), records: z.number(), bytes: z.number() }),
  /** Bytes of files that were damaged, and are kept. */
  keptDamagedBytes: z.number(),
});
export type SpoolReport = z.infer<typeof spoolSchema>;
