import type { NativeSpan } from "./native-span.ts";

/** Who makes native spans part of the traces of this application: `@polylog/tracing` does. Its functions never throw. */
export interface SpanTaker {
  take(span: NativeSpan): void;
  /** So many more spans were lost on the way from native code. */
  lost(count: number): void;
}

/** What lies at the place where both sides find one another; `packages/tracing/src/native/connection.ts` has the other half. */
interface SpanHub {
  taker?: SpanTaker | undefined;
  /** Bring in what native code has ready. */
  readonly drains: Set<() => void>;
}

const PLACE = Symbol.for("polylog.v1.native.spans");

function hub(): SpanHub {
  const shared = globalThis as { [PLACE]?: SpanHub };
  shared[PLACE] ??= { drains: new Set() };
  return shared[PLACE];
}

/** Who takes spans now. Native code makes none while nobody does. */
export function spanTaker(): SpanTaker | undefined {
  return hub().taker;
}

/** Has spans brought in before their taker sends the last of them. */
export function onSpanDrain(drain: () => void): void {
  hub().drains.add(drain);
}

/**
 * Takes what native code makes of spans, for tracing that isn't set up by `@polylog/tracing`. They come when they are closed,
 * with ids of their own, in traces that are sampled. Whoever calls it last gets them.
 *
 * @returns ends it, after what lies ready was brought in
 * @example
 * const end = takeNativeSpans({ take: (span) => console.log(span.name), lost: () => {} });
 */
export function takeNativeSpans(taker: SpanTaker): () => void {
  const shared = hub();
  shared.taker = taker;
  return () => {
    if (shared.taker !== taker) return;
    for (const drain of shared.drains) drain();
    shared.taker = undefined;
  };
}
