import type { ServerResponse } from "node:http";

/** The tails that are open, which would otherwise never end by themselves. */
export interface OpenTails {
  count(): number;
  /** Keeps an answer until it is closed. The signal says that its reader left, or that it has to end. */
  add(answer: ServerResponse): AbortSignal;
  /** Lets all end; those whose readers don't take the end are cut off. */
  end(): Promise<void>;
}

/** Milliseconds in which a reader can take the end of a tail. */
const END_TIME = 1_000;

export function createOpenTails(): OpenTails {
  const open = new Map<ServerResponse, AbortController>();
  let onEmpty: (() => void) | undefined;
  return {
    count: () => open.size,
    add(answer) {
      const controller = new AbortController();
      open.set(answer, controller);
      answer.once("close", () => {
        controller.abort();
        open.delete(answer);
        if (open.size === 0) onEmpty?.();
      });
      return controller.signal;
    },
    async end() {
      for (const controller of open.values()) controller.abort();
      if (open.size === 0) return;
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, END_TIME);
        onEmpty = () => {
          clearTimeout(timer);
          resolve();
        };
      });
      for (const answer of open.keys()) answer.destroy();
    },
  };
}
