import { spawnSync } from "node:child_process";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "./server-process.ts";

/** A Python to run with, or why there is none. */
export type FoundPython = { readonly program: string } | { readonly missing: string };

/** The oldest that python/polylog runs on. */
const OLDEST = [3, 9] as const;

/** What tests have Python run with, by the file that lists it, and the environment that it is put into. */
const PACKAGES = {
  frameworks: ["requirements.txt", ".cache/python"],
  opentelemetry: ["requirements-opentelemetry.txt", ".cache/python-opentelemetry"],
} as const;

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
 * Puts packages into an environment apart. Does nothing when they are there.
 *
 * @returns the Python that has them
 */
export function installPackages(program: string, packages: keyof typeof PACKAGES): FoundPython {
  const [list, place] = PACKAGES[packages];
  const [requirements, folder] = [join(ROOT, "python/polylog/tests", list), join(ROOT, place)];
  const bin = process.platform === "win32" ? "Scripts/python.exe" : "bin/python";
  const python = join(folder, bin);
  const stamp = join(folder, "installed-from.txt");
  // Another Python needs other packages.
  const wanted = readFileSync(requirements, "utf8") + run(program, ["--version"]).stdout;
  if (existsSync(stamp) && readFileSync(stamp, "utf8") === wanted) return { program: python };
  const pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r", requirements];
  for (const [command, words] of [
    [program, ["-m", "venv", "--clear", folder]],
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
