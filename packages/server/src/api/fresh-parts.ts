import type { ApiDependencies } from "./dependencies.ts";

/** So many commits within so many milliseconds make a stream, under which some parts always wait for their first merge. */
const STREAM = 10;
const SPAN = 10_000;

/**
 * Tells whether there are parts that have no text index, as inserts leave it to the first merge. By this server's own
 * commits: to ask the store costs more than knowing it saves.
 *
 * @example
 * const hasFreshParts = watchFreshParts({ onCommit, clock: Date.now });
 * hasFreshParts(); // false, until records have come in for a second or two
 */
export function watchFreshParts({
  onCommit,
  clock,
}: Pick<ApiDependencies, "onCommit" | "clock">): () => boolean {
  const latest: number[] = [];
  onCommit(() => {
    latest.push(clock());
    if (latest.length > STREAM) latest.shift();
  });
  return () => latest.length === STREAM && clock() - (latest[0] as number) < SPAN;
}
