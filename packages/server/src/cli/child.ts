import { spawn } from "node:child_process";
import { constants } from "node:os";
import type { Readable, Writable } from "node:stream";
import { EXIT, type ExitCode } from "./exit.ts";
import { openPipes } from "./output-pipe.ts";

/** Signals that a person or a supervisor sends to the program that they think we are. */
const FORWARDED = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT", "SIGUSR2", "SIGWINCH", "SIGCONT"] as const;
/** Of those, what a terminal sends by itself to every process in front of it. */
const FROM_TERMINAL: ReadonlySet<string> = new Set(["SIGINT", "SIGQUIT", "SIGWINCH"]);

export interface ChildOutput {
  stdout(chunk: Buffer): void;
  stderr(chunk: Buffer): void;
}

/**
 * Runs a program as if it had been started directly: its input is ours, its output goes unchanged to ours, and
 * signals reach it. What it prints is shown to `output` as well.
 *
 * Resolves when it has ended and its output, too, also that of programs it left behind, as in a pipe. The exit code
 * is its own; 127 when it isn't found, 126 when it can't be run, 128 and the signal's number when a signal ended it.
 *
 * @param whenFailed told why the program could not be started
 */
export function runChild(
  [program = "", ...words]: readonly string[],
  environment: NodeJS.ProcessEnv,
  output: ChildOutput,
  whenFailed: (error: NodeJS.ErrnoException) => void,
): Promise<ExitCode> {
  const pipes = openPipes(2);
  const [out, err] = pipes?.map(({ writeEnd }) => writeEnd) ?? (["pipe", "pipe"] as const);
  return new Promise((resolve) => {
    const child = spawn(program, words, { stdio: ["inherit", out, err], env: environment });
    for (const pipe of pipes ?? []) pipe.closeWriteEnd();
    const [stdout, stderr] = pipes?.map(({ reader }) => reader) ?? [child.stdout, child.stderr];
    const passed = Promise.all([
      passOn(stdout, process.stdout, output.stdout),
      passOn(stderr, process.stderr, output.stderr),
    ]);
    const stopForwarding = forwardSignals((signal) => child.kill(signal));
    child.on("error", (error: NodeJS.ErrnoException) => {
      // Also raised when a signal can't be delivered; then the program runs on.
      if (child.pid !== undefined) return;
      stopForwarding();
      whenFailed(error);
      resolve(error.code === "ENOENT" ? EXIT.notFound : EXIT.notRunnable);
    });
    child.on("exit", async (code, signal) => {
      await passed;
      stopForwarding();
      resolve(signal === null ? (code ?? EXIT.fault) : 128 + constants.signals[signal]);
    });
  });
}

/** Copies a stream, no faster than it is read on; when nobody reads on, the program gets to know as in a pipe. */
function passOn(
  from: Readable | null | undefined,
  to: Writable,
  see: (chunk: Buffer) => void,
): Promise<void> {
  if (!from) return Promise.resolve();
  from.on("data", (chunk: Buffer) => {
    if (!to.write(chunk)) {
      from.pause();
      to.once("drain", () => from.resume());
    }
    see(chunk);
  });
  to.on("error", () => from.destroy());
  return new Promise((resolve) => from.once("close", resolve));
}

function forwardSignals(send: (signal: NodeJS.Signals) => void): () => void {
  const isOnTerminal = process.stdin.isTTY === true;
  const forward = (signal: NodeJS.Signals): void => {
    if (!isOnTerminal || !FROM_TERMINAL.has(signal)) send(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  return () => {
    for (const signal of FORWARDED) process.off(signal, forward);
  };
}

/**
 * The environment that keeps a program's output as it would be without us: what it prints goes into a pipe, which
 * costs it its colours, and Python its promptness.
 */
export function childEnvironment(
  environment: NodeJS.ProcessEnv,
  streams: { readonly isTTY: boolean; readonly colourDepth: number },
): NodeJS.ProcessEnv {
  const prompt = { PYTHONUNBUFFERED: "1", ...environment };
  const isDecided = environment.FORCE_COLOR !== undefined || Boolean(environment.NO_COLOR);
  if (!streams.isTTY || isDecided || streams.colourDepth < 4) return prompt;
  const level = streams.colourDepth >= 24 ? "3" : streams.colourDepth >= 8 ? "2" : "1";
  return { ...prompt, FORCE_COLOR: level, CLICOLOR_FORCE: environment.CLICOLOR_FORCE ?? "1" };
}
