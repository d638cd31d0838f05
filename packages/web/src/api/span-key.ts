/**
 * A name of its own for each span of a trace: its id, and where others had that id before, a number after it. Zipkin's clients
 * and servers share the id of a call, and a batch that was sent again has all of its ids again.
 *
 * @param ids in the order in which the server sends spans
 * @example
 * spanKeys(["a", "b", "a"]); // ["a", "b", "a~1"]
 */
export function spanKeys(ids: readonly string[]): readonly string[] {
  const seen = new Map<string, number>();
  return ids.map((id) => {
    const before = seen.get(id) ?? 0;
    seen.set(id, before + 1);
    return before === 0 ? id : `${id}~${before}`;
  });
}
