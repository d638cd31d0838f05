import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fail, root } from "./workspace.mjs";

/**
 * Installs the packages that package-lock.json names, unless exactly these are installed already.
 *
 * npm keeps what it installed in node_modules/.package-lock.json; comparing versions with it takes
 * milliseconds, where asking npm takes a second and a half.
 *
 * @param {boolean} isDevelopment false leaves out what only tests and checks need, unless it is there: clients of every
 *   protocol and other loggers are half of all that is to be fetched
 */
export function ensureInstalled(isDevelopment) {
  const wanted = readPackages(join(root, "package-lock.json"));
  if (wanted === undefined) fail("package-lock.json is missing or not JSON: restore it from the repository.");
  const present = readPackages(join(root, "node_modules", ".package-lock.json"));
  const hasDevelopment = Object.values(present ?? {}).some((entry) => entry.dev === true);
  const needsDevelopment = isDevelopment || hasDevelopment;
  if (isInstalled(wanted, present, needsDevelopment)) return;
  console.error("Installing packages …");
  const flags = ["--no-audit", "--no-fund", "--loglevel=error", ...(needsDevelopment ? [] : ["--omit=dev"])];
  const result = spawnSync("npm", ["ci", ...flags], {
    cwd: root,
    stdio: ["ignore", "ignore", "inherit"],
    shell: process.platform === "win32",
  });
  if (result.status !== 0) fail("npm ci failed; its message is above.", result.status ?? 1);
}

function isInstalled(wanted, present, needsDevelopment) {
  if (present === undefined) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true;
    const installed = present[path];
    if (installed === undefined) {
      // Packages for other platforms are optional and rightly absent.
      return (
        entry.optional === true || (!needsDevelopment && (entry.dev === true || entry.devOptional === true))
      );
    }
    return installed.version === entry.version && installed.link === entry.link;
  });
}

function readPackages(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8")).packages;
  } catch {
    return undefined;
  }
}
