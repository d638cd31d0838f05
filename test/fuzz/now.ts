/** The time at which all inputs come, in nanoseconds since 1970. */
export const NOW = 1_795_257_667_000_000_000n;
