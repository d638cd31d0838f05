import { type SpawnSyncOptions, spawnSync } from "node:child_process";
import { accessSync, constants, mkdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";

/** A program and the environment that it runs in. */
export interface Program {
  readonly path: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Where its packages were unpacked; the empty text when it is installed. */
  readonly root: string;
}

/** Daemons are kept where only root's PATH leads. */
const FOLDERS = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/usr/local/sbin"];
/** What Debian calls a machine. */
const MACHINES: Readonly<Record<string, string>> = { x64: "x86_64-linux-gnu", arm64: "aarch64-linux-gnu" };
/** Kept between two runs: packages are downloaded once. */
const CACHE = join(tmpdir(), "polylog-test-programs");

/**
 * A program that a test needs: one that is installed, else out of Debian's packages, which are downloaded by apt and
 * unpacked into a temporary folder. Nothing is installed: two daemons for syslog would drive each other out.
 * Undefined, with the reason on stderr, when neither works: the test is skipped then.
 *
 * @example
 * const rsyslogd = ensureProgram("rsyslogd", ["rsyslog", "libestr0"]);
 */
export function ensureProgram(name: string, debianPackages: readonly string[]): Program | undefined {
  const installed = FOLDERS.map((folder) => join(folder, name)).find(isExecutable);
  if (installed !== undefined) return { path: installed, environment: process.env, root: "" };
  const program = unpacked(name) ?? (unpack(debianPackages) ? unpacked(name) : undefined);
  if (program === undefined) {
    console.error(
      `skipped what needs ${name}: it isn't installed, and apt gives no ${debianPackages[0]} here`,
    );
  }
  return program;
}

function unpacked(name: string): Program | undefined {
  const path = ["usr/bin", "usr/sbin", "bin", "sbin"]
    .map((folder) => join(CACHE, folder, name))
    .find(isExecutable);
  if (path === undefined) return undefined;
  const machine = MACHINES[process.arch] ?? "";
  const libraries = ["usr/lib", `usr/lib/${machine}`, `lib/${machine}`];
  const LD_LIBRARY_PATH = [...libraries, "usr/lib/syslog-ng"].map((folder) => join(CACHE, folder)).join(":");
  return { path, environment: { ...process.env, LD_LIBRARY_PATH }, root: CACHE };
}

function unpack(packages: readonly string[]): boolean {
  const options: SpawnSyncOptions = { cwd: CACHE, stdio: ["ignore", "ignore", "inherit"], timeout: 120_000 };
  mkdirSync(CACHE, { recursive: true });
  console.error(`Downloading ${packages.join(", ")} by apt for the tests …`);
  const download = () => spawnSync("apt-get", ["download", "-qq", ...packages], options).status === 0;
  if (!download()) {
    // The list of packages may be old or missing; only root may renew it.
    spawnSync("apt-get", ["update", "-qq"], options);
    if (!download()) return false;
  }
  return (
    spawnSync(
      "sh",
      ["-c", 'for file in *.deb; do dpkg-deb -x "$file" . && rm "$file" || exit 1; done'],
      options,
    ).status === 0
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
