import type { ClickHouseClient } from "@clickhouse/client";
import { type BackoffOptions, backoff } from "../backoff.ts";
import type { EngineLog } from "../log.ts";
import { pause } from "../pause.ts";
import type { StatusBoard } from "../status.ts";
import type { ViewerConnections } from "../viewer.ts";
import { keepDefinitions } from "./definitions.ts";
import { crashed, directoryLocked, diskFull, exitCause, passes, silent } from "./exit.ts";
import type { Home } from "./home.ts";
import { lowerMergePriority } from "./merge-priority.ts";
import { ping } from "./ping.ts";
import { freePort } from "./port.ts";
import type { EngineProcess, Exit } from "./process.ts";
import { type PulseTimes, watchPulse } from "./pulse.ts";
import { hasRoom } from "./room.ts";
import { type StartOutcome, start, urlOf } from "./start.ts";
import { createUsers, type Users } from "./users.ts";

/** What there is while the engine answers. */
export interface Running {
  readonly port: number;
  readonly users: Users;
  readonly client: ClickHouseClient;
  readonly viewer: ViewerConnections;
}

export interface SuperviseOptions {
  readonly home: Home;
  readonly directory: string;
  readonly library: string;
  readonly database: string;
  readonly memoryBytes: number;
  readonly backupDirectory?: string | undefined;
  readonly pulse: PulseTimes;
  readonly log: EngineLog;
  readonly board: StatusBoard;
  readonly signal: AbortSignal;
  /** Null: it doesn't answer any more. */
  readonly onRunning: (running: Running | null) => void;
  /** Between a process that ended and the next. @defaultValue from 100 ms to 30 s */
  readonly pauses?: BackoffOptions;
}

/**
 * Ends in a row after which an engine that has never run is given up: it can't be that this passes. One that has run is
 * tried for ever, as is one that lacks room or memory: whoever runs the server may not be there to start it again.
 */
const MOST_FAILURES = 4;
/** Milliseconds of running after which earlier crashes are forgotten. */
const STABLE = 30_000;
const PAUSES = { first: 100, cap: 30_000 };
/** Milliseconds that an earlier process may hold the directory: it may be on its way out. */
const LOCK_PATIENCE = 10_000;

/**
 * Keeps the engine's process running until aborted.
 *
 * @throws {@link EngineError} when it has never run and crashes again and again, or another process holds the directory.
 */
export async function supervise(options: SuperviseOptions): Promise<void> {
  const { board, home, log, signal, pauses = PAUSES } = options;
  let failures = 0;
  let hasRun = false;
  let lockedSince: number | null = null;
  let place = await choosePlace();

  while (!signal.aborted) {
    await keepDefinitions(home, log);
    const outcome = await start({ ...options, ...place, onLine: (line) => log.debug(line) }, signal);
    if (signal.aborted && outcome.kind === "ended") return;
    const since = performance.now();
    hasRun ||= outcome.kind === "ready";
    const exit = outcome.kind === "ready" ? await serve(options, place, outcome) : outcome.exit;
    if (signal.aborted) return;

    const now = performance.now();
    const said = exitCause(exit);
    // Not every way in which it ends on a full disk says so.
    const cause = said === "crash" && !(await hasRoom(home.directory)) ? "disk-full" : said;
    lockedSince = cause === "directory-locked" ? (lockedSince ?? now) : null;
    if (lockedSince !== null && now - lockedSince > LOCK_PATIENCE) throw directoryLocked(options.directory);
    if (cause === "port-in-use") place = await choosePlace();
    const isNew = cause === "port-in-use" || cause === "directory-locked" || now - since > STABLE;
    failures = isNew ? 1 : failures + 1;
    const error = cause === "disk-full" ? diskFull(options.directory, crashed(exit)) : crashed(exit);
    if (!hasRun && !passes(cause) && failures >= MOST_FAILURES) throw error;
    const wait = backoff(failures, pauses);
    log.warn("The engine ended, starting it again", { error: error.message, failures, wait });
    board.update({ state: "restarting", restarts: board.current().restarts + 1, pid: null, error });
    await pause(wait, signal);
  }
}

/** A port, and passwords made for it: whoever takes the port in our place may have been told the old ones. */
async function choosePlace(): Promise<{ readonly port: number; readonly users: Users }> {
  return { port: await freePort(), users: createUsers() };
}

/** Tells that it is ready, and waits for its end, or ends it when aborted. */
async function serve(
  options: SuperviseOptions,
  place: { readonly port: number; readonly users: Users },
  { process, version, client, viewer }: StartOutcome & { readonly kind: "ready" },
): Promise<Exit> {
  const { home, board, log, signal, onRunning } = options;
  const ended = new AbortController();
  // ClickHouse doesn't end while connections are open, even if nothing happens on them.
  const stop = (): void => {
    onRunning(null);
    viewer.close();
    void client.close().then(process.stop);
  };
  signal.addEventListener("abort", stop, { once: true });
  if (signal.aborted) stop();
  try {
    await home.recordVersion(version).catch((error: unknown) => {
      log.warn("The engine's version can't be noted", { error: String(error) });
    });
    if (!signal.aborted) {
      onRunning({ ...place, client, viewer });
      board.update({ state: "ready", version, pid: process.pid, error: null });
      log.info("The engine is ready", { version, pid: process.pid, port: place.port });
      void watch(options, { ...place, client, viewer }, process, AbortSignal.any([signal, ended.signal]));
    }
    return await process.exited;
  } finally {
    ended.abort();
    signal.removeEventListener("abort", stop);
    onRunning(null);
    viewer.close();
    await client.close();
    await process.stop();
  }
}

/** Tells when the process lives but doesn't answer, and ends it when that lasts, so that it is started again. */
function watch(
  { board, home, log, pulse, onRunning }: SuperviseOptions,
  running: Running,
  process: EngineProcess,
  signal: AbortSignal,
): Promise<void> {
  const url = urlOf(running.port);
  const secondsAfter = (looks: number): number => (looks * pulse.period) / 1000;
  return watchPulse(
    {
      times: pulse,
      ping(signal) {
        // Their threads come with the first table, and more of them with more work.
        lowerMergePriority(process.pid);
        void keepDefinitions(home, log);
        return ping(url, pulse.timeout, signal);
      },
      onAway() {
        const error = silent(secondsAfter(pulse.away));
        log.warn("The engine does not answer", { error: error.message, pid: process.pid });
        // New calls fail at once instead of waiting; those under way may still succeed.
        onRunning(null);
        board.update({ state: "restarting", error });
      },
      onBack() {
        log.info("The engine answers again", { pid: process.pid });
        onRunning(running);
        board.update({ state: "ready", error: null });
      },
      onHung: () => process.kill(`it did not answer for ${secondsAfter(pulse.hung)} s`),
    },
    signal,
  );
}
