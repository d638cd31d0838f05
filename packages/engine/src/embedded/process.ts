import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { CHILD_PATH } from "../child-path.ts";
import { pause } from "../pause.ts";

/** How the engine's process came to its end. */
export interface Exit {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last lines it wrote. */
  readonly output: readonly string[];
  /** Why we ended it by force, if so. */
  readonly reason: string | null;
}

export interface EngineProcess {
  readonly pid: number;
  /** Resolves when it has ended; never rejects. */
  readonly exited: Promise<Exit>;
  /** Orderly, by closing its standard input; by force when that takes too long. */
  stop(): Promise<void>;
  /** By force. What was acknowledged is safe on disk. */
  kill(reason: string): void;
}

export interface LaunchOptions {
  readonly library: string;
  readonly configFile: string;
  /** Also listens for other nodes, over the native protocol. */
  readonly listensToNodes?: boolean;
  /** Called for each line that it writes. */
  readonly onLine: (line: string) => void;
}

/** Milliseconds that an orderly end may take. */
const STOP_GRACE = 1_000;
const OUTPUT_LINES = 40;
const OUTPUT_LINE_LENGTH = 1_000;

/** The last query ends when standard input does, and with it the engine. It must be '-': a socket has no path. */
const STAY = "SELECT count() FROM file('-', 'LineAsString', 'line String')";

/** Starts the engine's process. Rejects when the system can't start one. */
export async function launch(options: LaunchOptions): Promise<EngineProcess> {
  const { library, configFile, listensToNodes = false } = options;
  const listen = `SYSTEM START LISTEN HTTP; ${listensToNodes ? "SYSTEM START LISTEN TCP; " : ""}`;
  const parameters = [`--config-file=${configFile}`, "--progress=off", `--query=${listen}${STAY}`];
  const child = spawn(process.execPath, ["--v8-pool-size=0", CHILD_PATH, library, ...parameters], {
    // Its own group, so that Ctrl-C at a terminal reaches only us.
    detached: true,
    stdio: ["pipe", "ignore", "pipe"],
    env: childEnvironment(process.env),
  });
  const output: string[] = [];
  let reason: string | null = null;
  const exited = watch(child, output, options.onLine).then((end): Exit => ({ ...end, output, reason }));
  await once(child, "spawn");
  endWithUs(child);
  // Writing to a process that is gone is told by its exit.
  child.stdin?.on("error", () => {});

  async function stop(): Promise<void> {
    child.stdin?.end();
    const grace = new AbortController();
    await Promise.race([exited, pause(STOP_GRACE, grace.signal)]);
    grace.abort();
    child.kill("SIGKILL");
    await exited;
  }

  function kill(why: string): void {
    reason ??= why;
    child.kill("SIGKILL");
  }

  return { pid: child.pid ?? 0, exited, stop, kill };
}

/** The end of its standard input tells it that we are gone, but one that hangs or is suspended doesn't hear of it. */
function endWithUs(child: ChildProcess): void {
  const end = (): void => void child.kill("SIGKILL");
  process.once("exit", end);
  child.once("close", () => process.off("exit", end));
}

function watch(
  child: ChildProcess,
  output: string[],
  onLine: (line: string) => void,
): Promise<Pick<Exit, "code" | "signal">> {
  if (child.stderr !== null) {
    createInterface({ input: child.stderr, crlfDelay: Number.POSITIVE_INFINITY }).on("line", (raw) => {
      if (isNoise(raw)) return;
      const line = raw.slice(0, OUTPUT_LINE_LENGTH);
      if (output.push(line) > OUTPUT_LINES) output.shift();
      onLine(line);
    });
  }
  return new Promise((resolve) => {
    child.on("error", () => {});
    child.on("close", (code, signal) => resolve({ code, signal }));
  });
}

/** Blank lines, and stack frames without names. */
function isNoise(line: string): boolean {
  return line.trim() === "" || /^\d+\. .{0,200} @ 0x[0-9a-f]+$/.test(line);
}

/** Ours, without what is meant for this process alone: debuggers, loaders, coverage. */
function childEnvironment(environment: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NODE_OPTIONS: _options, NODE_V8_COVERAGE: _coverage, ...rest } = environment;
  return {
    // Without it, memory goes back to the system only while there is work: 30 MB less after a burst of inserts.
    JE_MALLOC_CONF: "background_thread:true",
    ...rest,
    TZ: "UTC",
    UV_THREADPOOL_SIZE: "2",
  };
}
