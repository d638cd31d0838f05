/** More edits than this make another word. */
const MAX_DISTANCE = 3;

/**
 * The candidate that `word` was probably meant to be, or undefined when none is near.
 *
 * @example
 * nearest("prot", ["port", "host"]); // "port"
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  let best: string | undefined;
  let bestDistance = MAX_DISTANCE + 1;
  for (const candidate of candidates) {
    const longest = Math.max(word.length, candidate.length);
    if (longest > 64 || Math.abs(word.length - candidate.length) > MAX_DISTANCE) continue;
    const distance = editDistance(word.toLowerCase(), candidate.toLowerCase());
    // Half of a short word exchanged is another word, too.
    if (distance < bestDistance && distance * 2 <= longest) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/** Insertions, deletions, exchanges and swaps of neighbours between two words (optimal string alignment). */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const exchange = (last[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let distance = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, exchange);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        distance = Math.min(distance, (before[j - 2] ?? 0) + 1);
      }
      row.push(distance);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
