/** What a query is asked of. Some fields mean a column in one and an attribute in the other. */
export type Target = "logs" | "traces";
