/** What `public/early.js` has asked for. */
interface Early {
  readonly url: string;
  readonly answer: Promise<Response>;
}

/**
 * The answer to a question that was asked before the page's scripts were there; `undefined` for any other, and the second
 * time.
 */
export function takeEarly(url: string): Promise<Response> | undefined {
  const place = globalThis as { polylogEarly?: Early };
  if (place.polylogEarly?.url !== url) return undefined;
  const { answer } = place.polylogEarly;
  delete place.polylogEarly;
  return answer;
}
