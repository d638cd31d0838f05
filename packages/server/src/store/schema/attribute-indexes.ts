/** The column that holds a record's or a span's own attributes. */
export type OwnAttributes = "LogAttributes" | "SpanAttributes";

/**
 * The keys of all attributes of a row, wherever they lie: its own, its resource's and its scope's. One index of
 * them serves questions that don't say where: with an index for each map ClickHouse would have to combine them,
 * and gives that up from the third attribute in a question on.
 *
 * A condition has to name exactly this expression for its index to be asked.
 */
export function attributeKeys(own: OwnAttributes): string {
  return `arrayConcat(mapKeys(${own}), mapKeys(ResourceAttributes), mapKeys(ScopeAttributes))`;
}

/** The values of all attributes of a row, like {@link attributeKeys}. */
export function attributeValues(own: OwnAttributes): string {
  return `arrayConcat(mapValues(${own}), mapValues(ResourceAttributes), mapValues(ScopeAttributes))`;
}
