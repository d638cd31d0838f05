/** What receivers count, per receiver; shown in `/metrics` and in the pages. */
export interface ReceiverCounters {
  /** Records committed and acknowledged. */
  accepted(receiver: string, records: number, bytes: number): void;
  /** Records (or, where they can't be told apart, requests) refused, with a short fixed reason such as `malformed`. */
  rejected(receiver: string, records: number, reason: string): void;
}

/** What is counted of each source. */
export interface SourceCounters {
  /** Records committed. */
  accepted(source: string, records: number, bytes: number): void;
  refused(source: string, records: number, reason: string): void;
}
