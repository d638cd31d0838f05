/**
 * For questions that read in the order of the primary key up to a limit. Buffering each part's stream would make the
 * engine read millions of rows ahead of a limit of a hundred (measured: 3.4 of 5 million, against 0.1 without).
 */
export const IN_ORDER = { read_in_order_use_buffering: 0, max_block_size: "8192" } as const;
