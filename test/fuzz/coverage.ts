import { type Profiler, Session } from "node:inspector";

/** Tells whether code ran that had not run before, as V8 counts its blocks. */
export interface Coverage {
  /** Whether blocks have run since the last call that are not among those accepted. */
  hasNew(): boolean;
  /** Takes what the last call of {@link hasNew} saw as known. */
  accept(): void;
  /** Blocks accepted. */
  readonly size: number;
  stop(): void;
}

/**
 * Begins to count. V8 runs code slower meanwhile, so this is for finding inputs, not for running many.
 *
 * @param url of the only script that counts
 */
export function startCoverage(url: string): Coverage {
  const session = new Session();
  session.connect();
  session.post("Profiler.enable");
  session.post("Profiler.startPreciseCoverage", { callCount: true, detailed: true });
  const known = new Set<string>();
  let last: string[] = [];
  return {
    hasNew() {
      last = [];
      // The session is of this very thread, so it answers at once.
      session.post("Profiler.takePreciseCoverage", (_error, { result }) => {
        for (const script of result) if (script.url === url) last.push(...blocksOf(script));
      });
      return last.some((block) => !known.has(block));
    },
    accept() {
      for (const block of last) known.add(block);
    },
    get size() {
      return known.size;
    },
    stop() {
      session.post("Profiler.stopPreciseCoverage");
      session.disconnect();
    },
  };
}

/** The blocks that ran, by their places in the script. */
function* blocksOf({ functions }: Profiler.ScriptCoverage): Generator<string> {
  for (const { ranges } of functions) {
    for (const { startOffset, endOffset, count } of ranges) {
      if (count > 0) yield `${startOffset}-${endOffset}`;
    }
  }
}
