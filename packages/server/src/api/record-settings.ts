/**
 * For questions that fetch whole records. Records near the ones that are looked at are looked at next, and decompressing
 * is half of the cost of fetching 25 that lie far apart (measured: 39 ms of processor without the cache, 20 with it).
 */
export const WHOLE_RECORDS = { use_uncompressed_cache: 1 } as const;

/**
 * For those of them that read in the order of the primary key up to a limit. Buffering each part's stream would make the
 * engine read millions of rows ahead of a limit of a hundred (measured: 3.4 of 5 million, against 0.1 without).
 */
export const IN_ORDER = { ...WHOLE_RECORDS, read_in_order_use_buffering: 0, max_block_size: "2048" } as const;

/**
 * For parts that have no text index yet: of what a word asks, the engine then looks at the message itself, instead of at a
 * column that it makes of the message where the index would give it (27 parts of 4,000 records: 31 ms of processor instead of
 * 53). The message is compared by the same tokens; without the engine's indexes at all, case would count.
 */
export const WITHOUT_TEXT_INDEX = { query_plan_direct_read_from_text_index: 0 } as const;
