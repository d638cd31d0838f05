import { type ChildProcess, spawn } from "node:child_process";
import { ROOT } from "./server-process.ts";

/** A program that is run with the built @polylog/tracing. */
export interface TracedProgram {
  readonly child: ChildProcess;
  /** What it wrote, to standard output and standard error. */
  output(): string;
  readonly ended: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

const running: ChildProcess[] = [];

/** Runs code as an ECMAScript module, or as CommonJS with `flags` that say so. */
export function runTraced(
  code: string,
  environment: Readonly<Record<string, string>>,
  flags: readonly string[] = ["--input-type=module"],
): TracedProgram {
  const child = spawn(process.execPath, [...flags, "--eval", code], {
    // From here, names of packages lead to those of the workspace.
    cwd: `${ROOT}/packages/tracing`,
    env: { ...process.env, NO_COLOR: "1", ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  running.push(child);
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk) => {
      text += chunk;
    });
  }
  const ended = new Promise<{ code: number | null; signal: NodeJS.Signals | null }>((resolve) => {
    child.once("close", (code, signal) => resolve({ code, signal }));
  });
  return { child, output: () => text, ended };
}

/** Ends what is still running; for after each test. */
export function endPrograms(): void {
  for (const child of running.splice(0)) child.kill("SIGKILL");
}
