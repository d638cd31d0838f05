import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root } from "./workspace.mjs";

/**
 * How much is installed, each scope with all before it: what the server is built of and runs on; what every package is
 * built of; what tests and checks need besides, clients of every protocol and other loggers: most of all there is.
 */
const SCOPES = ["serve", "build", "development"];

const SERVING = ["packages/engine", "packages/server", "packages/web"].flatMap((path) => ["-w", path]);
const FLAGS = {
  serve: ["--omit=dev", "--include-workspace-root", ...SERVING],
  build: ["--omit=dev"],
  development: [],
};

const LOCK = join(root, "package-lock.json");
/** Says what was installed last; goes with the folder. */
const STAMP = join(root, "node_modules", ".polylog-installed");

/**
 * Installs the packages that package-lock.json names, as far as the scope needs them, unless they are there. What a
 * larger scope has installed is kept up to date.
 *
 * @param {"serve" | "build" | "development"} scope
 */
export function ensureInstalled(scope) {
  const lock = readText(LOCK);
  if (lock === undefined) fail("package-lock.json is missing: restore it from the repository.");
  const digest = createHash("sha256").update(lock).digest("hex");
  const [installed, of] = installedBefore(lock, digest);
  const needed = SCOPES.indexOf(scope) > SCOPES.indexOf(installed) ? scope : installed;
  if (needed === installed && of === digest) return;
  console.error("Installing packages …");
  const result = spawnSync("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error", ...FLAGS[needed]], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) fail("npm ci failed; its message is above.", result.status ?? 1);
  writeFileSync(STAMP, `${needed} ${digest}`);
}

/** The scope that was installed, and the digest of the lock file that it was installed by. */
function installedBefore(lock, digest) {
  const stamp = readText(STAMP)?.split(" ");
  if (stamp?.[1] === digest && SCOPES.includes(stamp[0])) return stamp;
  if (isAllInstalled(lock)) return ["development", digest];
  return SCOPES.includes(stamp?.[0]) ? stamp : ["", ""];
}

/**
 * Whether somebody's own `npm install` or `npm ci` has brought everything. npm keeps what it installed in
 * node_modules/.package-lock.json; comparing versions with it takes milliseconds, where asking npm takes a second and a
 * half.
 */
function isAllInstalled(lock) {
  const present = readPackages(readText(join(root, "node_modules", ".package-lock.json")));
  const wanted = readPackages(lock);
  if (wanted === undefined) fail("package-lock.json is not JSON: restore it from the repository.");
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true;
    const installed = present[path];
    // Packages for other platforms are optional and rightly absent.
    if (installed === undefined) return entry.optional === true;
    return installed.version === entry.version && installed.link === entry.link;
  });
}

function readPackages(text) {
  try {
    return JSON.parse(text).packages;
  } catch {
    return undefined;
  }
}

function readText(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
