import type { Resource } from "@opentelemetry/resources";
import type { ReadableSpan } from "@opentelemetry/sdk-trace-base";
import type { Losses } from "../traces.ts";
import { createSpanReader, type NativeSpan } from "./native-span.ts";

/** What lies at the place where `polylog/native` and this package find one another, in whichever order they are loaded. */
interface SpanHub {
  taker?: { take(span: NativeSpan): void; lost(count: number): void } | undefined;
  readonly drains: Set<() => void>;
}

const PLACE = Symbol.for("polylog.v1.native.spans");

/** Spans of native code, on their way to where those of JavaScript go. */
export interface NativeSpans {
  /** Brings in those that lie ready. */
  drain(): void;
  /** The same, and takes no more. */
  end(): void;
}

/** Takes the spans of native code; it makes none before. */
export function takeNativeSpans(
  resource: Resource,
  { tell, onLost }: Losses,
  onEnd: (span: ReadableSpan) => void,
): NativeSpans {
  const shared = globalThis as { [PLACE]?: SpanHub };
  shared[PLACE] ??= { drains: new Set() };
  const hub = shared[PLACE];
  const read = createSpanReader(resource);
  let isLossTold = false;
  const taker = {
    take: (span: NativeSpan) => onEnd(read(span)),
    lost(count: number) {
      onLost(count);
      if (isLossTold) return;
      isLossTold = true;
      tell(
        "POLYLOG_E_COLLECTOR",
        "spans of native code are lost: they end faster than the event loop takes them. droppedSpanCount() counts them",
      );
    },
  };
  hub.taker = taker;
  const drain = () => {
    for (const bringIn of hub.drains) bringIn();
  };
  return {
    drain,
    end() {
      if (hub.taker !== taker) return;
      drain();
      hub.taker = undefined;
    },
  };
}
