/**
 * A signal that ends with any of some others, and after so many milliseconds at the latest.
 *
 * `AbortSignal.any` alone does not do: Node 20 lets go of a timeout that nothing else holds, at the next garbage
 * collection, and the signal then never ends (seen with 20.20). A listener holds it.
 *
 * @example
 * const signal = signalWithin(5_000, stopping.signal);
 */
export function signalWithin(milliseconds: number, ...signals: readonly AbortSignal[]): AbortSignal {
  const timeout = AbortSignal.timeout(milliseconds);
  timeout.addEventListener("abort", () => {});
  return AbortSignal.any([...signals, timeout]);
}
