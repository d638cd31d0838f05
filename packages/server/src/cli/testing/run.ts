import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../../dist/cli/main.js", import.meta.url));
/** Milliseconds after which a command of a test counts as hanging. */
const LIMIT = 30_000;

/** How long a test polls for what a command does. */
export const PATIENCE = { timeout: 10_000 } as const;

export interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export interface Running {
  readonly process: ChildProcessWithoutNullStreams;
  /** What was printed until now. */
  readonly output: { stdout: string; stderr: string };
  readonly ended: Promise<Outcome>;
}

/** The environment of a command under test: none of what this machine happens to set. */
function cleanEnvironment(extra: Readonly<Record<string, string>>): Record<string, string> {
  return { PATH: process.env.PATH ?? "", HOME: process.env.HOME ?? "", TZ: "UTC", ...extra };
}

/** Starts the built command line as a process of its own. */
export function startCommand(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Running {
  const child = spawn(process.execPath, [MAIN, ...words], { env: cleanEnvironment(environment) });
  const output = { stdout: "", stderr: "" };
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output.stdout += text;
  });
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    output.stderr += text;
  });
  const timer = setTimeout(() => child.kill("SIGKILL"), LIMIT);
  const ended = once(child, "close").then(([code]): Outcome => {
    clearTimeout(timer);
    return { code, ...output };
  });
  return { process: child, output, ended };
}

/** Runs the built command line to its end. */
export function runCommand(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
  input = "",
): Promise<Outcome> {
  const running = startCommand(words, environment);
  running.process.stdin.end(input);
  return running.ended;
}
