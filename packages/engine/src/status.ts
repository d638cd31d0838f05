import type { EngineStatus } from "./engine.ts";
import { EngineError } from "./errors.ts";

/** The one place where an engine's status is kept, and from which it is told. */
export interface StatusBoard {
  current(): EngineStatus;
  /** Changes some of it; listeners hear of it when anything differs. */
  update(change: Partial<Omit<EngineStatus, "kind">>): void;
  subscribe(listener: (status: EngineStatus) => void): () => void;
  /** Resolves when ready; rejects when it failed, was stopped, or the time in milliseconds is over. */
  whenReady(timeout: number): Promise<void>;
}

export function createStatusBoard(kind: EngineStatus["kind"]): StatusBoard {
  const listeners = new Set<(status: EngineStatus) => void>();
  let status: EngineStatus = Object.freeze({
    kind,
    state: "starting",
    version: null,
    restarts: 0,
    pid: null,
    error: null,
    away: [],
  });

  function update(change: Partial<Omit<EngineStatus, "kind">>): void {
    const next = Object.freeze({ ...status, ...change });
    const keys = Object.keys(next) as (keyof EngineStatus)[];
    if (keys.every((key) => next[key] === status[key])) return;
    status = next;
    for (const listener of [...listeners]) {
      try {
        listener(next);
      } catch (error) {
        // A listener's fault is not the engine's: it surfaces where uncaught errors do.
        queueMicrotask(() => {
          throw error;
        });
      }
    }
  }

  function subscribe(listener: (status: EngineStatus) => void): () => void {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  }

  function whenReady(timeout: number): Promise<void> {
    return new Promise((resolve, reject) => {
      let unsubscribe = (): void => {};
      const timer = setTimeout(() => settle(() => reject(notReady(status, timeout))), timeout);
      function settle(outcome: () => void): void {
        clearTimeout(timer);
        unsubscribe();
        outcome();
      }
      function look(now: EngineStatus): void {
        if (now.state === "ready") settle(resolve);
        if (now.state === "failed") settle(() => reject(now.error));
        if (now.state === "stopped") settle(() => reject(unusable(now)));
      }
      unsubscribe = subscribe(look);
      look(status);
    });
  }

  return { current: () => status, update, subscribe, whenReady };
}

function notReady(status: EngineStatus, timeout: number): EngineError {
  const reason = status.error === null ? "" : `: ${status.error.message}`;
  return new EngineError(
    "POLYLOG_E_ENGINE_UNAVAILABLE",
    `The engine is not ready after ${timeout} ms (${status.state})${reason}`,
    { cause: status.error ?? undefined },
  );
}

/** Why a call can't be made: the state is another than `ready`, or is just about to be. */
export function unusable(status: EngineStatus): Error {
  if (status.state === "failed" && status.error !== null) return status.error;
  if (status.state === "stopped") {
    return stopped();
  }
  const state = status.state === "ready" ? "ending" : status.state;
  const reason = status.error === null ? "" : `: ${status.error.message}`;
  return new EngineError("POLYLOG_E_ENGINE_UNAVAILABLE", `The engine is ${state}${reason}`, {
    cause: status.error ?? undefined,
    remedy: "Try again in a moment.",
  });
}

export function stopped(): EngineError {
  return new EngineError("POLYLOG_E_ENGINE_STOPPED", "The engine is stopped");
}
