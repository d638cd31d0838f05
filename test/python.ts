import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./server-process.ts";

/** A Python to run with, or why there is none. */
export type FoundPython = { readonly program: string } | { readonly missing: string };

/** The oldest that python/polylog runs on. */
const OLDEST = [3, 9] as const;
const REQUIREMENTS = join(ROOT, "python/polylog/tests/requirements.txt");
const FOLDER = join(ROOT, ".cache/python");

/** The Python that the tests run with; POLYLOG_PYTHON names another. */
export function findPython(): FoundPython {
  const program = process.env.POLYLOG_PYTHON ?? "python3";
  const { stdout, error } = run(program, ["-c", "import sys; print(*sys.version_info[:2])"]);
  if (error !== undefined) return { missing: `${program} isn't there` };
  const [major = 0, minor = 0] = stdout.split(" ").map(Number);
  const isNew = major > OLDEST[0] || (major === OLDEST[0] && minor >= OLDEST[1]);
  return isNew ? { program } : { missing: `${program} is ${stdout.trim()}, older than ${OLDEST.join(".")}` };
}

/**
 * Puts Django, Flask and FastAPI, whose loggers the tests listen to, into an environment apart. Does nothing when
 * they are there.
 *
 * @returns the Python that has them
 */
export function installFrameworks(program: string): FoundPython {
  const bin = process.platform === "win32" ? "Scripts/python.exe" : "bin/python";
  const python = join(FOLDER, bin);
  const stamp = join(FOLDER, "installed-from.txt");
  // Another Python needs other packages.
  const wanted = readFileSync(REQUIREMENTS, "utf8") + run(program, ["--version"]).stdout;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return { program: python };
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", REQUIREMENTS];
  for (const [command, words] of [
    [program, ["-m", "venv", "--clear", FOLDER]],
    [python, pip],
  ] as const) {
    const { status, stderr, error } = run(command, words);
    if (status !== 0) return { missing: `${words.join(" ")} failed: ${lastLine(stderr) || error?.message}` };
  }
  writeFileSync(stamp, wanted);
  return { program: python };
}

function run(program: string, words: readonly string[]) {
  return spawnSync(program, words, { encoding: "utf8", timeout: 300_000 });
}

function lastLine(text: string | null): string | undefined {
  return text?.trim().split("\n").at(-1);
}
