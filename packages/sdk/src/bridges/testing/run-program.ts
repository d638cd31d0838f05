import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../../../../../", import.meta.url));

export interface Outcome {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stderr: string;
  /** Lines that begin with a timestamp, without it. */
  readonly records: readonly string[];
}

/** Runs a program in a process of its own, with this package as it was built. */
export function runProgram(program: string, environment: NodeJS.ProcessEnv = {}): Promise<Outcome> {
  const env = { ...process.env, NO_COLOR: "1", ...environment };
  const child = spawn(process.execPath, ["--input-type=module", "-e", program], {
    cwd: ROOT,
    env,
    stdio: ["ignore", "ignore", "pipe"],
    timeout: 30_000,
  });
  let stderr = "";
  child.stderr.setEncoding("utf8").on("data", (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (exitCode, signal) => {
      resolve({ code: exitCode, signal, stderr, records: recordsIn(stderr) });
    });
  });
}

const TIMESTAMP = /^\d{4}-\d\d-\d\dT[\d:.]+Z /;

/** Lines of records, without their times. */
export function recordsIn(text: string): string[] {
  const lines = text.split("\n").filter((line) => TIMESTAMP.test(line));
  return lines.map((line) => line.replace(TIMESTAMP, ""));
}
